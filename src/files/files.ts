import type { Pixels, StoredFile } from '../domain/file/file.ts'

/** A stored content, without a name. */
export interface StoredContent {
  /** SHA-256 in hex. */
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Media type sniffed from the first bytes; `application/octet-stream` when unknown. */
  readonly type: string
  /** Of a picture whose first bytes contain its size. */
  readonly pixels?: Pixels
}

/** Bytes `start` to `end`, both included, counted from 0. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Keeps the bytes of files, once for each content. Names and references are kept by the store. All but `put`
 * reject with `FilesAway` when the files cannot be reached.
 */
export interface Files {
  /**
   * Keeps a content while it arrives, with no more than a chunk of it in memory. Resolves when it is
   * durable; a failure leaves nothing behind. Rejects with `FileNotKept` past `limit` bytes or when
   * there is no room or no answer, and with the stream's own error when the stream fails.
   */
  put(content: AsyncIterable<Uint8Array>, limit: number): Promise<StoredContent>
  /**
   * The bytes, or a range of them; null when the content is gone, or too short for the range.
   * `openFile` also checks the length.
   */
  open(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>
  /** The size of a picture, as `put` tells it; null when its first bytes do not say it. */
  pixels(content: Pick<StoredContent, 'sha256' | 'size' | 'type'>): Promise<Pixels | null>
  /** Copies a content to a path on this machine. Throws when it is gone. */
  copyTo(sha256: string, path: string): Promise<void>
  /** Removes a content, unless it was kept after `before` (milliseconds since 1970), or kept again. */
  remove(sha256: string, before: number): Promise<void>
  /** The free space, in bytes. */
  room(): Promise<number>
  /**
   * The SHA-256 of every content kept before `before`, in no order. There may be some among them that were
   * removed since the first was read.
   */
  list(before: number): AsyncIterable<string>
}

/**
 * The bytes of a stored file, or a range of them. The stream fails if it ends early. Null when the
 * content is gone, or shorter than the file.
 */
export async function openFile(
  files: Pick<Files, 'open'>,
  { sha256, size }: StoredFile,
  range: ByteRange = { start: 0, end: size - 1 },
): Promise<ReadableStream<Uint8Array> | null> {
  const content = await files.open(sha256, size === 0 ? undefined : range)
  return content && exactly(content, size === 0 ? 0 : range.end - range.start + 1)
}

/** A stream of exactly this length: it fails when `content` is shorter, and ends when it is longer. */
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
