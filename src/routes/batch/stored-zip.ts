import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'
import { type Files, openFile } from '../../files/files.ts'
import { UnreadableRows } from './text-in-file.ts'

/** A file in a zip. */
export interface ZippedFile {
  /** Its path in the zip. */
  readonly path: string
  /** As it says: its content is checked when it is read. */
  readonly size: number
  /** Its bytes. The stream fails when they are damaged, or more or fewer than it says. */
  open(): Promise<Readable>
}

const mostEntries = 50_000
/** Entries that macOS adds. */
const hidden = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$)/

/** The files in a stored zip, by its directory: their contents are not read. Throws `UnreadableRows`. */
export async function filesInZip(files: Files, zip: StoredFile): Promise<readonly ZippedFile[]> {
  try {
    const archive = await fromRandomAccessReaderPromise(new StoredReader(files, zip), zip.size, {
      autoClose: false,
    })
    if (archive.entryCount > mostEntries)
      throw new UnreadableRows(
        `The zip has more than ${mostEntries.toLocaleString('en-GB')} files.`,
      )
    const found: ZippedFile[] = []
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/') || hidden.test(entry.fileName)) continue
      if (found.length === mostEntries) throw damaged()
      if (!entry.canDecodeFileData()) throw new UnreadableRows(encrypted(entry))
      const { fileName: path, uncompressedSize: size } = entry
      found.push({ path, size, open: () => archive.openReadStreamPromise(entry) })
    }
    return found
  } catch (error) {
    throw error instanceof UnreadableRows ? error : refused(error)
  }
}

function encrypted({ fileName }: Entry): string {
  return `The zip has “${fileName}” encrypted, or packed in a way that this server cannot read.`
}

/** The library refuses paths that lead out of the archive. */
function refused(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'Error' || 'code' in error) return error
  if (/path|fileName/i.test(error.message))
    return new UnreadableRows('The zip has a file whose path leads out of it.', { cause: error })
  return damaged(error)
}

function damaged(cause?: Error): UnreadableRows {
  return new UnreadableRows('The zip is damaged, or it is none.', { cause })
}

/** Bytes that are read together: the entries of a directory are short. */
const blockBytes = 64 * 1024

/** A stored file as yauzl reads one: it asks for a subclass. */
class StoredReader extends RandomAccessReader {
  readonly #files: Files
  readonly #file: StoredFile
  #block = { start: 0, bytes: Buffer.alloc(0) }

  constructor(files: Files, file: StoredFile) {
    super()
    this.#files = files
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end), { objectMode: false })
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytes(position, length).then((bytes) => {
      bytes.copy(buffer, offset)
      callback(null)
    }, callback)
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#block
    if (position >= start && position + length <= start + bytes.length)
      return bytes.subarray(position - start, position - start + length)
    const end = Math.min(this.#file.size, position + Math.max(length, blockBytes))
    const block = { start: position, bytes: await buffer(this.#range(position, end)) }
    this.#block = block
    return block.bytes.subarray(0, length)
  }

  async *#range(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (end <= start) return
    const content = await openFile(this.#files, this.#file, { start, end: end - 1 })
    if (!content) throw new Error('The stored zip is gone.')
    yield* content
  }
}

/** Finds files by their paths, or by their names where these are unique. */
export function fileFinder(all: readonly ZippedFile[]) {
  const byPath = new Map<string, ZippedFile | null>()
  const add = (key: string, file: ZippedFile) => byPath.set(key, byPath.has(key) ? null : file)
  const nested = all.filter(({ path }) => path.includes('/'))
  for (const file of all) add(file.path, file)
  for (const file of nested) add(nameOf(file), file)
  /** Null when there are several; undefined when there is none. */
  return (text: string): ZippedFile | null | undefined => byPath.get(text)
}

export function nameOf({ path }: ZippedFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A file of a zip before its content is stored, under the reference that it will have. */
export function plannedFile(file: ZippedFile, ref: string): StoredFile {
  const content = { sha256: '', size: file.size, type: 'application/octet-stream' }
  return namedFile(content, ref, nameOf(file))
}
