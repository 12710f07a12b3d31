import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJson, type Json, type JsonObject, parseJson } from '../domain/json/json.ts'
import type { ModelRef } from '../domain/model-ref.ts'

/**
 * What upstreams said last of their models, for restarts and outages of them. A failure is ignored: then they are asked
 * again.
 */
export interface Descriptions {
  /** Null when there is none, or it cannot be read. */
  read(key: string): Promise<Json | null>
  /**
   * Keeps a description in place of the last one. Where others keep descriptions, too, one of the same edition stays.
   * Resolves with the one that is kept.
   */
  write(key: string, description: Description): Promise<Json>
  remove(key: string): Promise<void>
  /** Calls back when others may have kept another description of a model. Left out where there are no others. */
  listen?(listener: (ref: ModelRef) => void): void
}

export interface Description {
  /** Differs where the content differs in what matters. */
  readonly edition: string
  readonly content: JsonObject
}

/**
 * Descriptions in the files of a folder, which is made when it is needed. `nameOf` a key is distinct, and a plain file
 * name: the hash of the key when left out.
 */
export function createFolderDescriptions(
  folder: string,
  nameOf: (key: string) => string = (key) => createHash('sha256').update(key).digest('hex'),
): Descriptions {
  const pathOf = (key: string) => join(folder, `${nameOf(key)}.json`)

  return {
    async read(key) {
      try {
        return parseJson(await readFile(pathOf(key), 'utf8'))
      } catch {
        return null
      }
    },
    async write(key, { content }) {
      const temporary = `${pathOf(key)}.${randomUUID()}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
        .then(() => writeFile(temporary, formatJson(content)))
        .then(() => rename(temporary, pathOf(key)))
        .catch(() => rm(temporary, { force: true }))
        .catch(() => {})
      return content
    },
    remove: (key) => rm(pathOf(key), { force: true }).catch(() => {}),
  }
}
