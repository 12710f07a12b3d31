import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { errorCode } from '../domain/error-code.ts'
import type { Pixels } from '../domain/file/file.ts'
import { FileNotKept } from '../domain/file/file-not-kept.ts'
import type { StoredContent } from './files.ts'
import { sniffedBytes, sniffType } from './sniff.ts'
import { typeByTracks } from './tracks.ts'

export interface WriteOptions {
  /** In bytes. */
  readonly limit: number
  /** Whether it is on disk at the end. */
  readonly isSynced: boolean
}

/** Writes a content to a new file. Rejects with `FileNotKept` past the limit. */
export async function writeContent(
  content: AsyncIterable<Uint8Array>,
  path: string,
  { limit, isSynced }: WriteOptions,
): Promise<StoredContent> {
  const file = await open(path, 'wx+', 0o600)
  try {
    const written = await writeTo(file, content, limit)
    if (isSynced) await file.sync()
    return written
  } finally {
    await file.close()
  }
}

async function writeTo(file: FileHandle, content: AsyncIterable<Uint8Array>, limit: number) {
  const hash = createHash('sha256')
  const head: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    if (size < sniffedBytes) head.push(Buffer.from(chunk.subarray(0, sniffedBytes - size)))
    size += chunk.byteLength
    if (size > limit) throw new FileNotKept('too large')
    hash.update(chunk)
    await file.writeFile(chunk)
  }
  const type = await typeByTracks(
    await sniffType(Buffer.concat(head)),
    async (position, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
      return buffer.subarray(0, bytesRead)
    },
  )
  return { sha256: hash.digest('hex'), size, type }
}

/** The size of a picture in a file. */
export async function pixelsOf(path: string, type: string): Promise<Pixels | null> {
  if (!type.startsWith('image/')) return null
  // Imported with the first picture.
  const { pixelsIn } = await import('./pixels.ts')
  return pixelsIn(path, type)
}

/** Turns the error of a full disk into `FileNotKept`. */
export function notKept(error: unknown): unknown {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(errorCode(error))
  return isFull ? new FileNotKept('no space', { cause: error }) : error
}
