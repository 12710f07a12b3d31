import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  canonicalJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
} from '../../../domain/json/json.ts'
import { readExampleOutput } from '../../../domain/model/example-output.ts'
import { type Model, unpresented, versionContent } from '../../../domain/model/model.ts'
import { type ModelRef, parseModelRef, reservedOwners } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import { splitSecrets } from '../../../domain/schema/secrets.ts'
import type { Description } from '../protocol.ts'
import { noDescription, parseDescription } from './description.ts'
import { descriptionFile } from './description-files.ts'
import {
  coverIn,
  exampleOutputIn,
  examplesIn,
  type ModelFolder,
  readmeIn,
  sourceHash,
} from './folders.ts'

/** How a model gets its name: as given, or from its own definition with this owner as the default. */
export type Naming = { readonly ref: ModelRef } | { readonly owner: string }

/** A model in a folder, with the limits of its process. */
export interface LocalModel {
  readonly model: Model
  /** Where it is run. */
  readonly folder: ModelFolder
  /** The folder that it is in now, when it is an earlier version, whose source is kept elsewhere; else null. */
  readonly home: string | null
  /** Its source; null when it could not be described. */
  readonly source: DescribedSource | null
  readonly memoryMb: number
  readonly env: readonly string[]
}

/** The source of a model, by its hash, and what it says of itself. */
export interface DescribedSource {
  readonly hash: string
  readonly description: Description
}

export interface DescriberOptions {
  /** The folder of cached descriptions. */
  readonly cache: string
  /** A folder of descriptions that are looked at, too, and not written to. */
  readonly more?: string
  /** Imports the model in another process; returns a sentence when that fails. */
  readonly ask: (folder: ModelFolder) => Promise<Description | string>
}

export type Describer = ReturnType<typeof createDescriber>

/**
 * Describes the model in a folder, by importing it in another process. Descriptions are cached by
 * the hash of the source, so an unchanged model needs no process at the next start. A model that
 * cannot be imported is described as broken, under its folder's name.
 */
export function createDescriber({ cache, more = cache, ask }: DescriberOptions) {
  return async function describe(folder: ModelFolder, naming: Naming): Promise<LocalModel> {
    const hash = await sourceHash(folder)
    const known = (await knownIn(cache, hash)) ?? (await knownIn(more, hash))
    const found = known ?? (await ask(folder))
    if (!known && typeof found !== 'string')
      await keep(descriptionFile(cache, hash), JSON.stringify(found))
    const { readme, cover, examples, exampleOutput, broken } = await readExtras(folder)
    const description = typeof found === 'string' ? noDescription : found
    const { schemas, memoryMb, env, copies, timeoutMs, rerun } = description
    const ref = 'ref' in naming ? naming.ref : refOf(description, naming.owner, folder)
    const schema = readSchema(schemas)
    const id = versionId(ref, schemas, hash)
    return {
      folder,
      home: null,
      source: typeof found === 'string' ? null : { hash, description: found },
      memoryMb,
      env,
      model: {
        ref,
        provider: 'local',
        description: description.description,
        version: { id, model: ref, provider: 'local', schema, createdAt: folder.changedAt },
        cover,
        readme,
        ...unpresented,
        // They are shown, searched and sent to everyone who may use the model.
        examples: examples.map((input) => splitSecrets(schema, input).shown),
        exampleOutput,
        limits: { copies, timeoutMs, rerun },
        broken: typeof found === 'string' ? found : (schema.problem ?? broken),
        undescribed: typeof found === 'string' ? 'nothing' : null,
      },
    }
  }
}

async function knownIn(folder: string, hash: string): Promise<Description | null> {
  const kept = await readFile(descriptionFile(folder, hash), 'utf8').catch(() => null)
  return kept === null ? null : parseDescription(kept)
}

/** A failure is ignored: the model is described again at the next start. */
async function keep(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, text)
    .then(() => rename(temporary, path))
    .catch(() => {})
}

/** The name in the model's definition, with the root as the default owner; else the names of the folders. */
function refOf({ name }: Description, owner: string, folder: ModelFolder): ModelRef {
  // Many folders are called `models` or `files`, which are paths of our own pages.
  const root = reservedOwners.has(plainName(owner)) ? 'local' : plainName(owner)
  const own = parseModelRef(name) ?? parseModelRef(`${root}/${name}`)
  return own ?? { owner: root, name: plainName(basename(folder.path)) }
}

function plainName(text: string): string {
  const plain = text.replace(/[^a-z0-9._-]+/gi, '-').slice(0, 64)
  return /[a-z0-9](?:.*[a-z0-9])?/is.exec(plain)?.[0] ?? 'model'
}

async function readExtras({ path }: ModelFolder) {
  const [readme, cover] = await Promise.all([readmeIn(path), coverIn(path)])
  const examples = await examplesIn(path).catch(() => null)
  const output = await exampleOutputIn(path).catch(() => undefined)
  const exampleOutput = output ? readExampleOutput(output) : null
  const own = { readme, cover, exampleOutput, broken: null }
  if (examples === null || !isExamples(examples))
    return { ...own, examples: [], broken: 'examples.json is not a list of inputs.' }
  if (output === undefined || (output !== null && !exampleOutput))
    return { ...own, examples, broken: 'example-output.json is not what make:examples writes.' }
  return { ...own, examples }
}

function isExamples(json: Json): json is readonly JsonObject[] {
  return isList(json) && json.every(isObject)
}

/** The id of the version of a model with these schemas and the source of this hash. */
export function versionId(ref: ModelRef, schemas: JsonObject, hash: string): string {
  const content = canonicalJson(versionContent(ref, schemas))
  return createHash('sha256').update(content).update(hash).digest('hex')
}
