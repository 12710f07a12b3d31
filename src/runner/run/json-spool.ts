import type { StoredFile } from '../../domain/file/file.ts'
import type { Json } from '../../domain/json/json.ts'
import { gathered, piecesOfItems } from '../../domain/output/pieces.ts'

/** Stores a file while its content arrives. */
export type KeepFile = (content: AsyncIterable<Uint8Array>, name: string) => Promise<StoredFile>

export type JsonSpool = ReturnType<typeof createJsonSpool>

/** Writes the items of a list to a JSON file as they arrive. */
export function createJsonSpool(keep: KeepFile) {
  const stream = new TransformStream<Uint8Array, Uint8Array>()
  const writer = stream.writable.getWriter()
  const kept = keep(stream.readable, 'output.json')
  kept.catch(() => {})
  const encoder = new TextEncoder()
  let isFirst = true

  async function write(text: string): Promise<void> {
    await writer.write(encoder.encode(text)).catch(async (error) => {
      // The error of `keep` is the cause; the writer only knows that its reader is gone.
      await kept
      throw error
    })
  }

  return {
    /** Resolves when the file can take more items. */
    async add(items: readonly Json[]): Promise<void> {
      if (isFirst) await write('[')
      for (const piece of gathered(piecesOfItems(items, isFirst))) await write(piece)
      isFirst = false
    },
    /** Discards the file. */
    async abort(): Promise<void> {
      await writer.abort().catch(() => {})
    },
    async end(): Promise<StoredFile> {
      await write('\n]\n')
      await writer.close()
      return kept
    },
  }
}
