import type { StoredFile } from '../../domain/file/file.ts'
import { isList, type Json } from '../../domain/json/json.ts'
import {
  addedTo,
  type Excerpt,
  emptyList,
  excerptOf,
  listExcerpt,
} from '../../domain/output/large-output.ts'
import { gathered, piecesOfJson, piecesOfText } from '../../domain/output/pieces.ts'
import { createJsonSpool, type KeepFile } from './json-spool.ts'

/** Items of a list are written in batches of this many. */
const batch = 500

/** Stores a whole output as a file: a text as text, everything else as JSON. */
export async function storeOutput(
  value: Json,
  keep: KeepFile,
): Promise<{ file: StoredFile; excerpt: Excerpt }> {
  if (isList(value)) return storeList(value, keep)
  const excerpt = excerptOf(value)
  const isText = excerpt.form === 'text' && typeof value === 'string'
  const pieces = isText ? piecesOfText(value) : piecesOfJson(value)
  const file = await keep(encoded(pieces), isText ? 'output.txt' : 'output.json')
  return { file, excerpt: { ...excerpt, ref: file.ref } }
}

async function storeList(items: readonly Json[], keep: KeepFile) {
  const spool = createJsonSpool(keep)
  let totals = emptyList
  for (let at = 0; at < items.length; at += batch) {
    const some = items.slice(at, at + batch)
    totals = addedTo(totals, some)
    await spool.add(some)
  }
  const file = await spool.end()
  return { file, excerpt: { ...listExcerpt(items.slice(0, batch), [], totals), ref: file.ref } }
}

async function* encoded(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const piece of gathered(pieces)) yield encoder.encode(piece)
}
