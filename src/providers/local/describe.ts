import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson, type JsonObject } from '../../domain/json.ts'
import { type Model, parseModelRef, versionContent } from '../../domain/model.ts'
import { startCopy } from './copies.ts'
import { endingSentence } from './ending.ts'
import { coverIn, examplesIn, type ModelFolder, readmeIn, sourceHash } from './folders.ts'
import type { Description } from './protocol.ts'
import type { Reaper } from './reaper.ts'

const describeMs = 5_000
const describeMemoryMb = 512

/** A model in a folder, with what it takes to run it. */
export interface LocalModel {
  readonly model: Model
  readonly folder: ModelFolder
  readonly memoryMb: number
  readonly env: readonly string[]
}

const examples = z.array(z.record(z.string(), z.json()))

/**
 * Says what the model in a folder is, by importing it in a process of its own. What was found is
 * kept by the hash of the source, so an unchanged model costs no process at the next start.
 * A model that cannot be imported is described as broken, under its folder's name.
 */
export function createDescriber(cacheFolder: string, reaper: Reaper, now: () => number) {
  return async function describe(folder: ModelFolder, owner: string): Promise<LocalModel> {
    const hash = await sourceHash(folder)
    const found = await describedBefore(join(cacheFolder, `${hash}.json`), folder, reaper)
    const extras = await readExtras(folder)
    const broken = typeof found === 'string' ? found : extras.broken
    const description = typeof found === 'string' ? unknownModel : found
    const fallback = { owner, name: folder.path.split('/').at(-1) ?? 'model' }
    const ref = parseModelRef(description.name) ?? fallback
    return {
      folder,
      memoryMb: description.memoryMb,
      env: description.env,
      model: {
        ref,
        provider: 'local',
        description: description.description,
        version: {
          id: versionId(canonicalJson(versionContent(ref, description.schemas)), hash),
          model: ref,
          provider: 'local',
          schemas: description.schemas,
          createdAt: now(),
        },
        cover: extras.cover,
        readme: extras.readme,
        example: extras.example,
        limits: {
          copies: description.copies,
          timeoutMs: description.timeoutMs,
          rerun: description.rerun,
        },
        broken,
      },
    }
  }
}

const unknownModel: Description = {
  name: '',
  description: '',
  schemas: { Input: { type: 'object', properties: {} } },
  copies: 1,
  timeoutMs: null,
  memoryMb: describeMemoryMb,
  rerun: true,
  env: [],
}

/** The description, or the sentence saying why there is none. */
async function describedBefore(
  cached: string,
  folder: ModelFolder,
  reaper: Reaper,
): Promise<Description | string> {
  const known = await readFile(cached, 'utf8').catch(() => null)
  if (known !== null) return JSON.parse(known) as Description
  const found = await askCopy(folder, reaper)
  if (typeof found === 'string') return found
  await writeFile(`${cached}.new`, JSON.stringify(found))
  await rename(`${cached}.new`, cached)
  return found
}

function askCopy(folder: ModelFolder, reaper: Reaper): Promise<Description | string> {
  return new Promise((resolve) => {
    let late = false
    const copy = startCopy(
      {
        memoryMb: describeMemoryMb,
        env: {},
        folder: folder.path,
        onMessage(message) {
          if (message.type === 'described') resolve(message.description)
          if (message.type === 'failed') resolve(`Importing it failed: ${message.error}`)
          if (message.type === 'batch') copy.send({ type: 'ack' })
          else copy.kill()
        },
        onEnd(ending) {
          clearTimeout(timer)
          resolve(
            late ? `Importing it took longer than ${describeMs / 1000} s.` : endingSentence(ending),
          )
        },
      },
      reaper,
    )
    const timer = setTimeout(() => {
      late = true
      copy.kill()
    }, describeMs)
    copy.send({ type: 'describe', path: folder.entry })
  })
}

async function readExtras({ path }: ModelFolder) {
  const [readme, cover] = await Promise.all([readmeIn(path), coverIn(path)])
  try {
    const [example] = examples.parse(await examplesIn(path))
    return { readme, cover, example: (example ?? null) as JsonObject | null, broken: null }
  } catch {
    return { readme, cover, example: null, broken: 'examples.json is not a list of inputs.' }
  }
}

function versionId(schemas: string, source: string): string {
  return createHash('sha256').update(schemas).update(source).digest('hex')
}
