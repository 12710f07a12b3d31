import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { StoredFile } from '../domain/file.ts'
import type { Files } from './files.ts'

const run = promisify(execFile)
const script = fileURLToPath(
  new URL(`./draw-thumbnail${extname(import.meta.url)}`, import.meta.url),
)

const drawMs = 10_000
const largestPicture = 50 * 2 ** 20

/** Small pictures of pictures, for pages elsewhere that show what a link leads to. */
export interface Thumbnails {
  /** A JPEG of at most 1200 × 1200 and well under 1 MB; null when the file is no picture that can be drawn. */
  of(file: StoredFile): Promise<Uint8Array<ArrayBuffer> | null>
}

/** Draws thumbnails in a process of their own, as a picture may be made to break its reader. */
export function createThumbnails(files: Files, folder: string): Thumbnails {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const drawing = new Map<string, Promise<void>>()

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

  return {
    async of({ sha256, size, type }) {
      if (!type.startsWith('image/') || size > largestPicture) return null
      const path = join(folder, `${sha256}.jpg`)
      const known = await readFile(path).catch(() => null)
      if (known) return new Uint8Array(known)
      const under = drawing.get(sha256) ?? draw(sha256, path)
      drawing.set(sha256, under)
      try {
        await under
        return new Uint8Array(await readFile(path))
      } catch {
        return null
      } finally {
        drawing.delete(sha256)
      }
    },
  }
}
