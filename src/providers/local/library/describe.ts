import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  canonicalJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
} from '../../../domain/json/json.ts'
import { type Model, versionContent } from '../../../domain/model/model.ts'
import { type ModelRef, parseModelRef, reservedOwners } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import type { Description } from '../protocol.ts'
import { noDescription, parseDescription } from './description.ts'
import { coverIn, examplesIn, type ModelFolder, readmeIn, sourceHash } from './folders.ts'

/** What a model is called: for certain, or by itself with this owner if it names none. */
export type Naming = { readonly ref: ModelRef } | { readonly owner: string }

/** A model in a folder, with what it takes to run it. */
export interface LocalModel {
  readonly model: Model
  readonly folder: ModelFolder
  readonly memoryMb: number
  readonly env: readonly string[]
}

export interface DescriberOptions {
  /** Where descriptions are remembered. */
  readonly cache: string
  /** Imports the model in a process of its own; answers a sentence when that does not work. */
  readonly ask: (folder: ModelFolder) => Promise<Description | string>
}

export type Describer = ReturnType<typeof createDescriber>

/**
 * Says what the model in a folder is, by importing it in a process of its own. What was found is
 * kept by the hash of the source, so an unchanged model costs no process at the next start.
 * A model that cannot be imported is described as broken, under its folder's name.
 */
export function createDescriber({ cache, ask }: DescriberOptions) {
  return async function describe(folder: ModelFolder, naming: Naming): Promise<LocalModel> {
    const hash = await sourceHash(folder)
    const found = await described(join(cache, `${hash}.json`), () => ask(folder))
    const { readme, cover, examples, broken } = await readExtras(folder)
    const description = typeof found === 'string' ? noDescription : found
    const { schemas, memoryMb, env, copies, timeoutMs, rerun } = description
    const ref = 'ref' in naming ? naming.ref : refOf(description, naming.owner, folder)
    const schema = readSchema(schemas)
    const id = versionId(canonicalJson(versionContent(ref, schemas)), hash)
    return {
      folder,
      memoryMb,
      env,
      model: {
        ref,
        provider: 'local',
        description: description.description,
        version: { id, model: ref, provider: 'local', schema, createdAt: folder.changedAt },
        cover,
        readme,
        examples,
        limits: { copies, timeoutMs, rerun },
        broken: typeof found === 'string' ? found : (schema.problem ?? broken),
        undescribed: typeof found === 'string' ? 'nothing' : null,
      },
    }
  }
}

/** What was found before, else what is found now. */
async function described(
  cached: string,
  ask: () => Promise<Description | string>,
): Promise<Description | string> {
  const kept = await readFile(cached, 'utf8').catch(() => null)
  const known = kept === null ? null : parseDescription(kept)
  if (known) return known
  const found = await ask()
  if (typeof found !== 'string') await keep(cached, JSON.stringify(found))
  return found
}

/** Not being able to remember costs a process at the next start, and nothing else. */
async function keep(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, text)
    .then(() => rename(temporary, path))
    .catch(() => {})
}

/** What the model calls itself, with its root's name for an owner if it names none; else its folders' names. */
function refOf({ name }: Description, owner: string, folder: ModelFolder): ModelRef {
  // A folder called `models` or `files` is like many, and our own pages have those addresses.
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
  try {
    const examples = await examplesIn(path)
    if (isExamples(examples)) return { readme, cover, examples, broken: null }
  } catch {
    // Not JSON at all is no list either.
  }
  return { readme, cover, examples: [], broken: 'examples.json is not a list of inputs.' }
}

function isExamples(json: Json): json is readonly JsonObject[] {
  return isList(json) && json.every(isObject)
}

function versionId(schemas: string, source: string): string {
  return createHash('sha256').update(schemas).update(source).digest('hex')
}
