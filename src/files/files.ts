/** What was kept: the content's own facts, whatever it is called. */
export interface StoredContent {
  /** SHA-256 in hex. */
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Media type sniffed from the first bytes; `application/octet-stream` when unknown. */
  readonly type: string
}

/** Bytes `start` to `end`, both included, counted from 0. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Why a content was not kept: it had more bytes than allowed, or the disk had no room. */
export type NotKept = 'too large' | 'no space'

export class FileNotKept extends Error {
  readonly reason: NotKept

  constructor(reason: NotKept, options?: ErrorOptions) {
    super(`The file was not kept: ${reason}`, options)
    this.name = 'FileNotKept'
    this.reason = reason
  }
}

/** Where the bytes of files are kept, once for each content. Names and references are the store's. */
export interface Files {
  /**
   * Keeps a content as it arrives, never holding more of it than a chunk. Resolves when it is on
   * disk for good; on any failure nothing is left behind. Rejects with `FileNotKept` past `limit`
   * bytes or when the disk is full, and with the stream's own error when that fails.
   */
  put(content: AsyncIterable<Uint8Array>, limit: number): Promise<StoredContent>
  /** The bytes, or a range of them; null when the content is gone. */
  open(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>
  /** Copies a content to a path on this machine, for a process that works on paths. Throws when it is gone. */
  copyTo(sha256: string, path: string): Promise<void>
  /** Removes a content, unless it was kept (again) after `before` (milliseconds since 1970). */
  remove(sha256: string, before: number): Promise<void>
  /** Every content kept before `before`, in no order. */
  list(before: number): AsyncIterable<string>
}
