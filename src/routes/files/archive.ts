import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ReadableStream as NodeStream } from 'node:stream/web'
import type { ZipArchive } from 'archiver'

export interface ArchiveEntry {
  /** Unique in the archive, and safe as a file's name. */
  readonly name: string
  /** Opens its content. Null leaves it out: the file is gone. */
  open(): Promise<ReadableStream<Uint8Array> | null>
  /** Milliseconds since 1970. */
  readonly madeAt: number
}

/** Entries that are known before, or found one by one while the archive is read. */
export type ArchiveEntries = readonly ArchiveEntry[] | AsyncIterable<ArchiveEntry>

/**
 * A zip archive that is written while it is read: one entry is open at a time, none is held in
 * memory, and none is opened before the first read.
 */
export function zipOf(entries: ArchiveEntries): ReadableStream<Uint8Array> {
  return NodeStream.from(zipped(entries)) as ReadableStream<Uint8Array>
}

async function* zipped(entries: ArchiveEntries): AsyncGenerator<Uint8Array> {
  // Loaded with the first archive; most servers send none.
  const { ZipArchive } = await import('archiver')
  // Pictures, audio and video are compressed already.
  const archive = new ZipArchive({ store: true })
  const stop = new AbortController()
  const filled = fill(archive, entries, stop.signal).catch((error) => {
    archive.destroy(error)
  })
  try {
    for await (const chunk of archive) yield chunk
  } finally {
    stop.abort()
    archive.destroy()
    await filled
  }
}

async function fill(
  archive: ZipArchive,
  entries: ArchiveEntries,
  signal: AbortSignal,
): Promise<void> {
  for await (const { name, open, madeAt } of entries) {
    if (signal.aborted) return
    const content = await open()
    if (!content) continue
    const source = Readable.fromWeb(content as NodeStream)
    try {
      source.once('error', (error) => archive.destroy(error))
      const added = once(archive, 'entry', { signal })
      archive.append(source, { name, date: new Date(madeAt) })
      await added
    } finally {
      source.destroy()
    }
  }
  if (!signal.aborted) await archive.finalize()
}
