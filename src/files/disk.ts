import { randomUUID } from 'node:crypto'
import { constants, mkdirSync, statSync, unlinkSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { errorCode } from '../domain/error-code.ts'
import type { Files } from './files.ts'
import { notKept, pixelsOf, writeContent } from './receive.ts'

/**
 * Files in a folder, addressed by their SHA-256: `ab/abcdef…`. A content is written under a
 * temporary name, synced, renamed into place, and the folder synced, so that a crash leaves whole
 * files or none. Temporary files of an earlier process are removed when the folder is opened.
 */
export async function openDisk(root: string): Promise<Files> {
  const incoming = join(root, 'incoming')
  await rm(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })

  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2))
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256)

  async function put(content: AsyncIterable<Uint8Array>, limit: number) {
    const temporary = join(incoming, randomUUID())
    try {
      const written = await writeContent(content, temporary, { limit, isSynced: true })
      const pixels = await pixelsOf(temporary, written.type)
      const made = await mkdir(folderOf(written.sha256), { recursive: true, mode: 0o700 })
      if (made) await syncFolder(root)
      await rename(temporary, pathOf(written.sha256))
      await syncFolder(folderOf(written.sha256))
      return pixels ? { ...written, pixels } : written
    } catch (error) {
      await rm(temporary, { force: true })
      throw notKept(error)
    }
  }

  return {
    put,

    async open(sha256, range) {
      try {
        const handle = await open(pathOf(sha256))
        if (range && (await handle.stat()).size <= range.end) {
          await handle.close()
          return null
        }
        const stream = handle.createReadStream(range ?? {})
        return Readable.toWeb(stream) as NodeStream as ReadableStream<Uint8Array>
      } catch (error) {
        if (isAbsent(error)) return null
        throw error
      }
    },

    async pixels({ sha256, type }) {
      try {
        return await pixelsOf(pathOf(sha256), type)
      } catch (error) {
        if (isAbsent(error)) return null
        throw error
      }
    },

    copyTo: (sha256, path) => copyFile(pathOf(sha256), path, constants.COPYFILE_FICLONE),

    // Synchronous, so that no upload of the same content can come between the two calls.
    async remove(sha256, before) {
      try {
        if (statSync(pathOf(sha256)).mtimeMs < before) unlinkSync(pathOf(sha256))
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    },

    async room() {
      const { bavail, bsize } = await statfs(root)
      return bavail * bsize
    },

    async *list(before) {
      for (const folder of await readdir(root)) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue
        for (const sha256 of await readdir(join(root, folder))) {
          const found = statSync(join(root, folder, sha256), { throwIfNoEntry: false })
          if (found && found.mtimeMs < before) yield sha256
        }
      }
    },
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT'
}
