import { dataUriBytes } from '../../domain/file/data-uri.ts'
import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import type { Json } from '../../domain/json/json.ts'
import { jsonLength, mapStrings, someValue } from '../../domain/json/walk.ts'
import { filesIn } from '../../domain/output/output-file.ts'
import type { KeepFile } from './json-spool.ts'

/** Stores the `data:` URIs in a large value as files. Without them it may be small. */
export async function extractInlineFiles(value: Json, keep: KeepFile) {
  if (!isWorthSearching(value)) return { value, files: [] }
  const kept = new Map<string, StoredFile>()
  for (const file of filesIn(value, []))
    if ('uri' in file) kept.set(file.uri, await keep(oneChunk(dataUriBytes(file.uri)), file.name))
  const uris = new Map([...kept].map(([uri, file]) => [uri, fileUri(file)]))
  return {
    value: kept.size === 0 ? value : mapStrings(value, (text) => uris.get(text) ?? text),
    files: [...kept.values()],
  }
}

const longUnits = 64 * 1024
const mostVisited = 20_000

/** Whether a value is long and has few parts. A `data:` URI of a file is longer than a row of a table. */
function isWorthSearching(value: Json): boolean {
  if (jsonLength(value, longUnits) <= longUnits) return false
  let visited = 0
  return !someValue(value, () => ++visited > mostVisited)
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
