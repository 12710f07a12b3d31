import contentDisposition from 'content-disposition'
import type { Context } from 'hono'
import { dataUriBytes } from '../../domain/file/data-uri.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { formatJson, type Json } from '../../domain/json/json.ts'
import { filesIn, type InlineFile, uniqueNames } from '../../domain/output/output-file.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { type Files, openFile } from '../../files/files.ts'
import { type ArchiveEntries, type ArchiveEntry, zipOf } from './archive.ts'
import { sendBody, sendContent } from './content.ts'

export function sendInertJson(c: Context, value: Json): Response {
  return sendInertText(c, 'application/json', formatJson(value))
}

/** Sends text from a model with headers that keep browsers from running or loading anything in it. */
export function sendInertText(c: Context, type: string, text: string): Response {
  setInertHeaders(c, type)
  return c.body(text)
}

/** The same, streamed; null when there is no content. */
export async function sendInertStream(
  c: Context,
  type: string,
  content: ReadableStream<Uint8Array> | null,
): Promise<Response | null> {
  return content && sendInertContent(c, type, content)
}

export function sendInertContent(c: Context, type: string, content: ReadableStream<Uint8Array>) {
  setInertHeaders(c, type)
  return sendBody(c, content)
}

function setInertHeaders(c: Context, type: string): void {
  c.header('Content-Type', `${type}; charset=utf-8`)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Content-Security-Policy', "default-src 'none'; sandbox")
  c.header('Cache-Control', 'private, no-cache')
}

/** Sends a stored file as plain text. */
export async function sendSource(
  c: Context,
  files: Files,
  file: StoredFile,
): Promise<Response | null> {
  const content = await openFile(files, file)
  if (!content) return null
  setInertHeaders(c, 'text/plain')
  return sendBody(c, content)
}

/** The files that an output holds as data URIs, in order. */
export function inlineFiles({ output }: Prediction): InlineFile[] {
  return filesIn(output, []).flatMap((file) => ('uri' in file ? [file] : []))
}

export async function sendInline(c: Context, file: InlineFile): Promise<Response> {
  const response = await sendContent(c, file.name, streamOf(dataUriBytes(file.uri)))
  response.headers.set('Cache-Control', 'private, no-cache')
  return response
}

export function sendArchive(c: Context, files: Files, prediction: Prediction): Response | null {
  const entries = entriesOf(files, prediction)
  return entries.length === 0 ? null : sendZip(c, `${prediction.id}.zip`, entries)
}

export function sendZip(c: Context, name: string, entries: ArchiveEntries): Response {
  c.header('Content-Type', 'application/zip')
  c.header('Content-Disposition', contentDisposition(name))
  c.header('Cache-Control', 'private, no-cache')
  return c.body(zipOf(entries))
}

/** The files of an output, under names that are unique among them. */
export function entriesOf(files: Files, prediction: Prediction): ArchiveEntry[] {
  const found = prediction.excerpt
    ? madeFiles(prediction)
    : filesIn(prediction.output, prediction.files)
  const names = uniqueNames(found)
  return found.map((file, at) => ({
    name: names[at] ?? '',
    open: async () => ('ref' in file ? openFile(files, file) : streamOf(dataUriBytes(file.uri))),
    madeAt: prediction.createdAt,
  }))
}

export function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream()
}
