import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Pixels } from '../domain/file/file.ts'
import { FileNotKept } from '../domain/file/file-not-kept.ts'
import { FilesAway } from '../domain/unavailable.ts'
import type { Locks } from '../locks/locks.ts'
import { type BucketOptions, mayPass, openBucket } from './bucket.ts'
import type { Files } from './files.ts'
import { notKept, pixelsOf, writeContent } from './receive.ts'

export interface S3Options extends BucketOptions {
  /** A prefix of all keys: empty, or `sandpit/`. */
  readonly prefix: string
  /** A folder of this process alone, for contents that arrive. */
  readonly incoming: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Holds an upload of a content and its removal apart, on all servers that share the bucket. */
  readonly locks: Pick<Locks, 'alone' | 'together'>
}

/**
 * An object that is older is written again, so that it is not removed as one that nothing refers to while a
 * new reference is under way: those are removed after a day.
 */
const renewedMs = 12 * 60 * 60_000

/** The waits before a write is tried again, in milliseconds. */
const pauses = [200, 1_000]

/** The most bytes that the size of a picture is looked for in. */
const headBytes = 256 * 1024

/** The most pictures whose size is remembered. */
const mostSizes = 10_000

/**
 * Files in a bucket of S3, addressed by their SHA-256: `files/ab/abcdef…`. A content is written to a
 * temporary file first, and sent in one request once its hash and length are known. Throws `Error` with
 * a sentence for the operator when the bucket refuses.
 */
export async function openS3(options: S3Options): Promise<Files> {
  const { incoming, locks, now } = options
  const bucket = openBucket(options)
  await rm(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  const refusal = await bucket.refusal()
  if (refusal !== null) throw new Error(refusal)

  const folder = `${options.prefix}files/`
  const keyOf = (sha256: string) => `${folder}${sha256.slice(0, 2)}/${sha256}`
  const lockOf = (sha256: string) => `content ${sha256}`
  /** Of pictures, by their type and their content, which does not change. */
  const sizes = new LRUCache<string, { readonly pixels: Pixels | null }>({ max: mostSizes })

  async function send(sha256: string, path: string, size: number): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const kept = await bucket.find(keyOf(sha256))
        const isFresh = kept?.size === size && kept.writtenAt > now() - renewedMs
        if (!isFresh) await bucket.write(keyOf(sha256), path, size)
        return
      } catch (error) {
        const pause = pauses[tries]
        if (pause === undefined || !(error instanceof FilesAway && mayPass(error))) throw error
        await delay(pause)
      }
    }
  }

  async function readPixels(
    head: ReadableStream<Uint8Array>,
    type: string,
  ): Promise<Pixels | null> {
    const temporary = join(incoming, randomUUID())
    try {
      await pipeline(Readable.from(head), createWriteStream(temporary, { mode: 0o600 }))
      return await pixelsOf(temporary, type)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    async put(content, limit) {
      const temporary = join(incoming, randomUUID())
      try {
        const written = await writeContent(content, temporary, { limit, isSynced: false })
        const { sha256, size } = written
        const pixels = await pixelsOf(temporary, written.type)
        await locks.together(lockOf(sha256), () => send(sha256, temporary, size))
        return pixels ? { ...written, pixels } : written
      } catch (error) {
        if (error instanceof FilesAway) throw new FileNotKept('unreachable', { cause: error })
        throw notKept(error)
      } finally {
        await rm(temporary, { force: true })
      }
    },

    open: (sha256, range) => bucket.read(keyOf(sha256), range),

    async pixels({ sha256, size, type }) {
      if (!type.startsWith('image/') || size === 0) return null
      const key = `${type} ${sha256}`
      const known = sizes.get(key)
      if (known) return known.pixels
      const head = await bucket.read(keyOf(sha256), {
        start: 0,
        end: Math.min(size, headBytes) - 1,
      })
      if (!head) return null
      const pixels = await readPixels(head, type)
      sizes.set(key, { pixels })
      return pixels
    },

    async copyTo(sha256, path) {
      const content = await bucket.read(keyOf(sha256))
      if (!content) throw new Error('A stored file is gone.')
      await pipeline(Readable.from(content), createWriteStream(path, { mode: 0o600 }))
    },

    async remove(sha256, before) {
      // One that is being uploaded is left to the next time.
      await locks.alone(lockOf(sha256), async () => {
        const found = await bucket.find(keyOf(sha256))
        if (found && found.writtenAt < before) await bucket.remove(found.key)
      })
    },

    /** Of the temporary files: the bucket has no end. */
    async room() {
      const { bavail, bsize } = await statfs(incoming)
      return bavail * bsize
    },

    async *list(before) {
      for await (const { key, writtenAt } of bucket.list(folder)) {
        const sha256 = key.slice(folder.length + 'ab/'.length)
        if (/^[0-9a-f]{64}$/.test(sha256) && writtenAt < before) yield sha256
      }
    },
  }
}
