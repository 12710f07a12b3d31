import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDataUri } from '../../../domain/file/data-uri.ts'
import { fileAt, fileRef, type StoredFile } from '../../../domain/file/file.ts'
import { upstreamType } from '../../../domain/file/media-type.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { mapStrings, stringsIn } from '../../../domain/json/walk.ts'
import type { Run } from '../../provider.ts'
import type { CogLimits } from '../limits.ts'

export type SentInput =
  | { readonly ok: true; readonly input: JsonObject }
  /** Names the field that cannot be sent. */
  | { readonly ok: false; readonly error: string }

class NotSendable extends Error {
  override readonly name = 'NotSendable'
}

export interface CogInputOptions {
  readonly run: Run
  /** For copies of the files. */
  readonly folder: string
  readonly limits: Pick<CogLimits, 'maxInlineBytes' | 'maxInlineTotalBytes'>
  /** The URL at which the container can fetch a file of the run; null when it cannot. */
  fileUrl(file: StoredFile): string | null
}

/**
 * The input in the form that containers take: files as URLs at which the container can fetch them
 * during the run, which keeps their names; else as data URIs.
 */
export async function toCogInput({
  run,
  folder,
  limits: { maxInlineBytes, maxInlineTotalBytes },
  fileUrl,
}: CogInputOptions): Promise<SentInput> {
  let total = 0
  /** By the reference of a file. */
  const sent = new Map<string, string>()

  async function send(file: StoredFile, field: string): Promise<string> {
    const url = fileUrl(file)
    if (url !== null) return url
    if (file.size > maxInlineBytes) throw new NotSendable(tooLarge(field, file, maxInlineBytes))
    if (total + file.size > maxInlineTotalBytes)
      throw new NotSendable(tooMuch(field, maxInlineTotalBytes))
    total += file.size
    const path = join(folder, file.ref)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await run.copyFile(file, path)
    return writeDataUri(upstreamType(file), await readFile(path))
  }

  try {
    for (const [field, value] of Object.entries(run.input))
      for (const text of stringsIn(value)) {
        const file = fileAt(text, run.files)
        if (file && !sent.has(file.ref)) sent.set(file.ref, await send(file, field))
      }
    const input = mapStrings(run.input, (text) => sent.get(fileRef(text) ?? '') ?? text)
    return { ok: true, input }
  } catch (error) {
    if (!(error instanceof NotSendable)) throw error
    return { ok: false, error: error.message }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

function tooLarge(field: string, { size }: StoredFile, most: number): string {
  const sizes = `It has ${megabytes(size)} MB, and Sandpit sends at most ${megabytes(most)} MB within a request`
  return `${field}: This file is too large. ${sizes}. ${remedy}`
}

function tooMuch(field: string, most: number): string {
  return `${field}: The files are too large together. Sandpit sends at most ${megabytes(most)} MB within a request. ${remedy}`
}

const remedy =
  'Set SANDPIT_CALLBACK_URL to an address at which the container reaches this server: then it fetches its files from there.'

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1).replace(/\.0$/, '')
}
