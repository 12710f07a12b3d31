import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { ModelAsset } from '../../provider.ts'
import type { Fetcher } from '../fetcher.ts'

/** A download that failed is tried again after this long, in milliseconds. */
const againMs = 5 * 60_000
const mostFailed = 2_000

const fetchMs = 60_000

/**
 * The covers of models, each downloaded once and stored: our pages load nothing from other hosts. A
 * file counts as a picture if its content is one.
 */
export function createCovers(
  fetcher: Fetcher,
  folder: string,
  mostBytes: number,
  now: () => number,
) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fetching = new Map<string, Promise<string | null>>()
  const failed = new LRUCache<string, number>({ max: mostFailed })

  /** The name of the stored file; null when there is no picture. */
  async function kept(address: string): Promise<string | null> {
    const stem = createHash('sha256').update(address).digest('hex')
    const found = (await readdir(folder)).find((name) => name.startsWith(`${stem}.`))
    if (found || (failed.get(stem) ?? 0) > now()) return found ?? null
    const already = fetching.get(stem)
    if (already) return already
    const fetched = fetchCover(address, stem)
      .catch(() => null)
      .then((name) => {
        if (name === null) failed.set(stem, now() + againMs)
        return name
      })
      .finally(() => fetching.delete(stem))
    fetching.set(stem, fetched)
    return fetched
  }

  async function fetchCover(address: string, stem: string): Promise<string | null> {
    const { content } = await fetcher.fetch(address, mostBytes, AbortSignal.timeout(fetchMs))
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of content) {
      size += chunk.byteLength
      if (size > mostBytes) return null
      chunks.push(chunk)
    }
    const bytes = Buffer.concat(chunks)
    const { fileTypeFromBuffer } = await import('file-type')
    const type = await fileTypeFromBuffer(bytes)
    if (!type?.mime.startsWith('image/')) return null
    const name = `${stem}.${type.ext}`
    const temporary = join(folder, `incoming-${randomUUID()}`)
    await writeFile(temporary, bytes)
    await rename(temporary, join(folder, name))
    return name
  }

  return {
    async open(address: string): Promise<ModelAsset | null> {
      const name = await kept(address)
      if (name === null) return null
      const bytes = await readFile(join(folder, name))
      const content = new Blob([bytes]).stream() as ReadableStream<Uint8Array>
      return { name: `cover${name.slice(name.lastIndexOf('.'))}`, content }
    },
  }
}
