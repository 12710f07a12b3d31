import { createHash, randomUUID } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataUriBytes, readDataUri } from '../domain/file/data-uri.ts'
import { extensionOf } from '../domain/file/extensions.ts'
import { fileUri } from '../domain/file/file.ts'
import { newId } from '../domain/id.ts'
import type { Json } from '../domain/json/json.ts'
import { mapStrings } from '../domain/json/walk.ts'

/** A file that was in an output as data: the output refers to it by `ref`. */
export interface ExtractedFile {
  readonly ref: string
  readonly name: string
  readonly path: string
}

/**
 * Replaces the files that an output holds as data by references, and writes them to a folder. The
 * same file has the same reference each time, for one salt. Writes synchronously: only for workers
 * and copies of models.
 */
export function createFileExtractor(folder: string, salt: string) {
  const held = new Map<string, ExtractedFile>()

  function write(uri: string, type: string): ExtractedFile {
    const digest = createHash('sha256').update(`${salt}\n`).update(uri).digest()
    const ref = newId(digest)
    const known = held.get(ref)
    if (known) return known
    const count = held.size === 0 ? '' : `-${held.size + 1}`
    const path = join(folder, ref)
    const file = { ref, name: `output${count}.${extensionOf(type)}`, path }
    held.set(ref, file)
    if (existsSync(path)) return file
    const unfinished = join(folder, randomUUID())
    writeFileSync(unfinished, dataUriBytes(uri), { mode: 0o600 })
    renameSync(unfinished, path)
    return file
  }

  function extract(value: Json): Json {
    return mapStrings(value, (text) => {
      const type = dataType(text)
      return type === null ? text : fileUri(write(text, type))
    })
  }

  return { extract, files: () => [...held.values()] }
}

/** The media type of a text that holds a file as data; null for any other text. */
function dataType(text: string): string | null {
  const data = readDataUri(text)
  return data?.type ?? (data?.base64 ? 'application/octet-stream' : null)
}
