import type { Pixels, StoredFile } from '../domain/file/file.ts'

/** What was kept: the content's own facts, whatever it is called. */
export interface StoredContent {
  /** SHA-256 in hex. */
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Media type sniffed from the first bytes; `application/octet-stream` when unknown. */
  readonly type: string
  /** Of a picture whose first bytes say it. */
  readonly pixels?: Pixels
}

/** Bytes `start` to `end`, both included, counted from 0. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Where the bytes of files are kept, once for each content. Names and references are the store's. */
export interface Files {
  /**
   * Keeps a content as it arrives, never holding more of it than a chunk. Resolves when it is on
   * disk for good; on any failure nothing is left behind. Rejects with `FileNotKept` past `limit`
   * bytes or when the disk is full, and with the stream's own error when that fails.
   */
  put(content: AsyncIterable<Uint8Array>, limit: number): Promise<StoredContent>
  /**
   * The bytes, or a range of them; null when the content is gone, or too short for the range.
   * For a file that is sent, see `openFile`.
   */
  open(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>
  /** Copies a content to a path on this machine, for a process that works on paths. Throws when it is gone. */
  copyTo(sha256: string, path: string): Promise<void>
  /** Removes a content, unless it was kept (again) after `before` (milliseconds since 1970). */
  remove(sha256: string, before: number): Promise<void>
  /** How many bytes there is room for. */
  room(): Promise<number>
  /** Every content kept before `before`, in no order. */
  list(before: number): AsyncIterable<string>
}

/**
 * The bytes of a stored file, or a range of them: all of them, or the stream fails. Null when the
 * content is gone, or is no longer as long as it was.
 */
export async function openFile(
  files: Pick<Files, 'open'>,
  { sha256, size }: StoredFile,
  range: ByteRange = { start: 0, end: size - 1 },
): Promise<ReadableStream<Uint8Array> | null> {
  const content = await files.open(sha256, size === 0 ? undefined : range)
  return content && exactly(content, size === 0 ? 0 : range.end - range.start + 1)
}

/** A stream that fails when it is shorter than it should be, and is cut off when it is longer. */
function exactly(content: ReadableStream<Uint8Array>, length: number) {
  const reader = content.getReader()
  let left = length
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done && left > 0) throw new Error(`A stored file has ${left} bytes less than it had.`)
      if (!done) controller.enqueue(value.subarray(0, left))
      left -= value?.byteLength ?? 0
      if (!done && left > 0) return
      await reader.cancel()
      controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
