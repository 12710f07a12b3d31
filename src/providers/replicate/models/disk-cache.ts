import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJson, isObject, type Json, parseJson } from '../../../domain/json/json.ts'
import { readModel, readVersion } from '../responses.ts'
import type { LookedUpModel } from './describe.ts'

/** Caches looked-up models on disk, for restarts and outages of the service. */
export function createDiskCache(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Neither character is part of a name, so each model has a file of its own.
  const pathOf = (key: string) => join(folder, `${key.replace('/', '+').replace(':', '@')}.json`)

  return {
    /** Null when there is none, or it cannot be read. */
    async read(key: string): Promise<LookedUpModel | null> {
      try {
        return readLooked(parseJson(await readFile(pathOf(key), 'utf8')))
      } catch {
        return null
      }
    },
    /** A failure is ignored: the model is looked up again later. */
    async write(key: string, looked: LookedUpModel): Promise<void> {
      const temporary = `${pathOf(key)}.${randomUUID()}`
      await writeFile(temporary, formatJson(looked as unknown as Json))
        .then(() => rename(temporary, pathOf(key)))
        .catch(() => rm(temporary, { force: true }))
    },
    remove: (key: string) => rm(pathOf(key), { force: true }).catch(() => {}),
  }
}

function readLooked(kept: Json): LookedUpModel | null {
  if (!isObject(kept)) return null
  const { model = null, version = null, readme = null, lookedAt } = kept
  return {
    model: readModel(model),
    version: version === null ? null : readVersion(version),
    readme: typeof readme === 'string' ? readme : null,
    lookedAt: Number(lookedAt),
  }
}
