import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import type { StoredFile } from '../domain/file/file.ts'
import { entryFile } from '../root.ts'
import { createSemaphore } from '../semaphore.ts'
import type { Files } from './files.ts'

const run = promisify(execFile)
const script = entryFile('files/draw-thumbnail')

const drawMs = 10_000

/** How long a caller waits for a thumbnail. A later call may find it. */
const waitMs = 10_000

/** A picture that could not be drawn is tried again after this time. */
const againMs = 10 * 60_000
const mostFailed = 1_000

const largestPicture = 50 * 2 ** 20

/** Each draws in a process of its own, with the whole picture in memory. */
const mostAtOnce = 2

const ending = '.jpg'
const batch = 200

/** Thumbnails of pictures, for link previews. */
export interface Thumbnails {
  /** A JPEG of at most 1200 × 1200 pixels, well under 1 MB; null when the file cannot be drawn. */
  of(file: StoredFile): Promise<Uint8Array<ArrayBuffer> | null>
  /** Removes the thumbnails of contents that are gone. `known` resolves with those SHA-256 that are not. */
  collect(known: (sha256: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void>
}

/** Draws thumbnails in separate processes, as a crafted picture may crash its decoder. */
export function createThumbnails(files: Files, folder: string, now: () => number): Thumbnails {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder))
    if (!name.endsWith(ending)) rmSync(join(folder, name), { force: true })
  const drawing = new Map<string, Promise<boolean>>()
  const failed = new LRUCache<string, true>({
    max: mostFailed,
    ttl: againMs,
    ttlResolution: 0,
    perf: { now },
  })
  const semaphore = createSemaphore(mostAtOnce)

  async function draw(sha256: string, path: string): Promise<void> {
    const copy = `${path}.picture`
    const made = `${path}.new`
    try {
      await files.copyTo(sha256, copy)
      await run(process.execPath, [script, copy, made], { timeout: drawMs, env: {} })
      await rename(made, path)
    } finally {
      await Promise.all([copy, made].map((left) => rm(left, { force: true })))
    }
  }

  /** Whether it could be drawn. Never rejects. */
  function drawn(sha256: string, path: string): Promise<boolean> {
    const under = drawing.get(sha256)
    if (under) return under
    const begun = semaphore
      .run(() => draw(sha256, path))
      .then(
        () => true,
        () => {
          failed.set(sha256, true)
          return false
        },
      )
      .finally(() => drawing.delete(sha256))
    drawing.set(sha256, begun)
    return begun
  }

  return {
    async of({ sha256, size, type }) {
      if (!type.startsWith('image/') || size > largestPicture) return null
      const path = join(folder, `${sha256}${ending}`)
      const known = await readFile(path).catch(() => null)
      if (known) return new Uint8Array(known)
      if (failed.has(sha256)) return null
      const tooLate = delay(waitMs, false, { ref: false })
      const isDrawn = await Promise.race([drawn(sha256, path), tooLate])
      const made = isDrawn ? await readFile(path).catch(() => null) : null
      return made && new Uint8Array(made)
    },

    async collect(known) {
      const drawn = (await readdir(folder)).filter((name) => name.endsWith(ending))
      for (let at = 0; at < drawn.length; at += batch) {
        const contents = drawn.slice(at, at + batch).map((name) => name.slice(0, -ending.length))
        const left = await known(contents)
        for (const sha256 of contents)
          if (!left.has(sha256)) await rm(join(folder, `${sha256}${ending}`), { force: true })
      }
    },
  }
}
