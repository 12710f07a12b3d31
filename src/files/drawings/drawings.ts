import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import type { StoredFile } from '../../domain/file/file.ts'
import { createSemaphore } from '../../semaphore.ts'
import type { Files } from '../files.ts'

const run = promisify(execFile)

const drawMs = 10_000

/** How long a caller waits for a drawing. A later call may find it. */
const waitMs = 10_000

/** A drawing that failed is tried again after this time. */
const againMs = 10 * 60_000
const mostFailed = 1_000

const largestPicture = 50 * 2 ** 20

/** Each draws in a process of its own, with whole pictures in memory. */
const mostAtOnce = 2

const batch = 200

export interface DrawingParts {
  readonly files: Files
  /** Where the drawings are kept. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The program that draws: its arguments are the paths of the pictures, then that of the drawing. */
  readonly program: string
  /** Of the names of the drawings: `.jpg`. */
  readonly ending: string
}

/** What is drawn of pictures, and kept by their contents. */
export interface Drawings {
  /** The drawing of these pictures; null when it cannot be made. */
  of(pictures: readonly StoredFile[]): Promise<Uint8Array<ArrayBuffer> | null>
  /** Removes the drawings of contents that are gone. `known` resolves with those SHA-256 that are not. */
  collect(known: (sha256: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void>
}

/** Draws in separate processes, as a crafted picture may crash its decoder. */
export function createDrawings({ files, folder, now, program, ending }: DrawingParts): Drawings {
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

  async function draw(contents: readonly string[], path: string): Promise<void> {
    const copies = contents.map((_, at) => `${path}.${at}.picture`)
    const made = `${path}.new`
    try {
      await Promise.all(contents.map((sha256, at) => files.copyTo(sha256, copies[at] ?? '')))
      await run(process.execPath, [program, ...copies, made], { timeout: drawMs, env: {} })
      await rename(made, path)
    } finally {
      await Promise.all([...copies, made].map((left) => rm(left, { force: true })))
    }
  }

  /** Whether it could be drawn. Never rejects. */
  function drawn(contents: readonly string[], path: string): Promise<boolean> {
    const under = drawing.get(path)
    if (under) return under
    const begun = semaphore
      .run(() => draw(contents, path))
      .then(
        () => true,
        () => {
          failed.set(path, true)
          return false
        },
      )
      .finally(() => drawing.delete(path))
    drawing.set(path, begun)
    return begun
  }

  return {
    async of(pictures) {
      if (!pictures.every(isDrawable)) return null
      const contents = pictures.map(({ sha256 }) => sha256)
      const path = join(folder, contents.join('-') + ending)
      const known = await readFile(path).catch(() => null)
      if (known) return new Uint8Array(known)
      if (failed.has(path)) return null
      const tooLate = delay(waitMs, false, { ref: false })
      const isDrawn = await Promise.race([drawn(contents, path), tooLate])
      const made = isDrawn ? await readFile(path).catch(() => null) : null
      return made && new Uint8Array(made)
    },

    async collect(known) {
      const names = (await readdir(folder)).filter((name) => name.endsWith(ending))
      for (let at = 0; at < names.length; at += batch) {
        const some = names.slice(at, at + batch).map((name) => ({ name, of: contentsOf(name) }))
        const left = await known([...new Set(some.flatMap(({ of }) => of))])
        for (const { name, of } of some)
          if (!of.every((sha256) => left.has(sha256))) await rm(join(folder, name), { force: true })
      }
    },
  }

  function contentsOf(name: string): string[] {
    return name.slice(0, -ending.length).split('-')
  }
}

function isDrawable({ size, type }: StoredFile): boolean {
  return type.startsWith('image/') && size <= largestPicture
}
