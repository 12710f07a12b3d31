import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileNotKept } from '../../src/domain/file/file-not-kept.ts'
import type { ByteRange, Files } from '../../src/files/files.ts'

/** An empty place for files. */
export interface OpenedFiles {
  readonly files: Files
  /** Everything that takes up room there, whatever it is called. */
  everything(): Promise<readonly string[]>
  close(): Promise<void>
}

export const onePixel = Buffer.from(
  'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'base64',
)

/** The contract of `Files`, for every implementation. */
export function describeFiles(name: string, open: () => Promise<OpenedFiles>): void {
  describe(name, () => {
    let opened: OpenedFiles
    let files: Files
    beforeEach(async () => {
      opened = await open()
      files = opened.files
    })
    afterEach(() => opened.close())

    const put = (content: string | Uint8Array, limit = 1e9) => files.put(inPieces(content), limit)

    async function read(sha256: string, range?: ByteRange): Promise<Buffer | null> {
      const stream = await files.open(sha256, range)
      return stream && Buffer.from(await new Response(stream).arrayBuffer())
    }

    async function listed(before: number): Promise<string[]> {
      return (await allOf(files.list(before))).sort()
    }

    const past = () => Date.now() - 60 * 60_000
    const future = () => Date.now() + 60 * 60_000

    describe('a content', () => {
      it('is told by its hash, its size and what its first bytes are', async () => {
        expect(await put('{"a": 1}')).toEqual({
          sha256: sha256Of('{"a": 1}'),
          size: 8,
          type: 'application/json',
        })
      })

      it('tells the size of a picture again, and nothing of what is gone', async () => {
        const { sha256, size, type, pixels } = await put(onePixel)
        expect(pixels).toEqual({ width: 1, height: 1 })
        expect(await files.pixels({ sha256, size, type })).toEqual(pixels)
        expect(await files.pixels({ sha256: sha256Of('gone'), size, type })).toBeNull()
      })

      it.each([0, 1, 65_536, 300_001])('of %i bytes comes back as it was put', async (size) => {
        const content = Buffer.alloc(size, 'abcdefghijk')
        const { sha256 } = await put(content)
        expect(content.equals((await read(sha256)) ?? Buffer.of(1))).toBe(true)
      })

      it('is the same however it was cut into pieces', async () => {
        const content = 'x'.repeat(10_000)
        async function* bytes() {
          for (let at = 0; at < content.length; at += 7)
            yield Buffer.from(content.slice(at, at + 7))
          yield new Uint8Array(0)
        }
        expect(await files.put(bytes(), 1e9)).toEqual(await put(content))
      })

      it('is stored once when it is put twice, one after the other or at once', async () => {
        const first = await put('the same')
        const others = await Promise.all([put('the same'), put('the same'), put('the same')])
        for (const other of others) expect(other).toEqual(first)
        expect(await listed(future())).toEqual([first.sha256])
        expect(await opened.everything()).toHaveLength(1)
      })

      it('does not mind who changes the bytes afterwards', async () => {
        const piece = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">')
        async function* reused() {
          yield piece
          piece.fill('x')
          yield piece
        }
        const { type } = await files.put(reused(), 1e9)
        expect(type).toBe('image/svg+xml')
      })

      it('that is not there is not opened', async () => {
        expect(await files.open(sha256Of('never put'))).toBeNull()
      })
    })

    describe('a range', () => {
      const content = '0123456789'.repeat(20_000)

      it.each<[number, number]>([
        [0, 0],
        [0, 9],
        [5, 14],
        [65_530, 65_545],
        [199_995, 199_999],
        [0, 199_999],
      ])('from %i to %i has both its ends', async (start, end) => {
        const { sha256 } = await put(content)
        expect((await read(sha256, { start, end }))?.toString()).toBe(content.slice(start, end + 1))
      })

      it('of a content that is gone is nothing', async () => {
        expect(await files.open(sha256Of('gone'), { start: 0, end: 1 })).toBeNull()
      })

      it('that nobody reads to its end keeps no one from removing the content', async () => {
        const { sha256 } = await put(content)
        await (await files.open(sha256))?.cancel()
        await files.remove(sha256, future())
        expect(await opened.everything()).toEqual([])
      })
    })

    describe('what is not kept', () => {
      it('has more bytes than allowed, and leaves nothing', async () => {
        const tooLarge = put('x'.repeat(100_001), 100_000)
        await expect(tooLarge).rejects.toThrow(FileNotKept)
        await expect(tooLarge).rejects.toMatchObject({ reason: 'too large' })
        expect(await opened.everything()).toEqual([])
      })

      it('is not what has exactly as many', async () => {
        expect(await put('x'.repeat(100_000), 100_000)).toMatchObject({ size: 100_000 })
      })

      it('is not read past the limit', async () => {
        let pieces = 0
        async function* endless() {
          while (true) {
            pieces++
            yield Buffer.alloc(1000)
          }
        }
        await expect(files.put(endless(), 10_000)).rejects.toThrow(FileNotKept)
        expect(pieces).toBe(11)
      })

      it('came over a stream that broke, whose own error is told', async () => {
        const broken = new Error('The line went dead.')
        async function* breaking() {
          yield Buffer.from('half of it')
          throw broken
        }
        await expect(files.put(breaking(), 1e9)).rejects.toBe(broken)
        expect(await opened.everything()).toEqual([])
      })

      it('leaves a content that was there before where it is', async () => {
        const { sha256 } = await put('kept')
        async function* breaking() {
          yield Buffer.from('kept')
          throw new Error('The line went dead.')
        }
        await expect(files.put(breaking(), 1e9)).rejects.toThrow()
        expect((await read(sha256))?.toString()).toBe('kept')
      })
    })

    describe('removing', () => {
      it('takes what was kept before the moment named', async () => {
        const { sha256 } = await put('old')
        await files.remove(sha256, future())
        expect(await files.open(sha256)).toBeNull()
        expect(await opened.everything()).toEqual([])
      })

      it('leaves what was kept after it', async () => {
        const { sha256 } = await put('new')
        await files.remove(sha256, past())
        expect((await read(sha256))?.toString()).toBe('new')
      })

      it('takes nothing else, and nothing twice', async () => {
        const { sha256 } = await put('one')
        const other = await put('other')
        await files.remove(sha256, future())
        await files.remove(sha256, future())
        expect(await listed(future())).toEqual([other.sha256])
      })

      it('lets the same content be put again', async () => {
        const { sha256 } = await put('again')
        await files.remove(sha256, future())
        await put('again')
        expect((await read(sha256))?.toString()).toBe('again')
      })
    })

    describe('the list', () => {
      it('is empty at first', async () => {
        expect(await listed(future())).toEqual([])
      })

      it('has every content kept before a moment, each once', async () => {
        const kept = await Promise.all(
          Array.from({ length: 40 }, (_, index) => put(`content ${index % 30}`)),
        )
        const all = [...new Set(kept.map(({ sha256 }) => sha256))].sort()
        expect(all).toHaveLength(30)
        expect(await listed(future())).toEqual(all)
        expect(await listed(past())).toEqual([])
      })

      it('may be emptied while it is read', async () => {
        await Promise.all(Array.from({ length: 20 }, (_, index) => put(`content ${index}`)))
        for await (const sha256 of files.list(future())) await files.remove(sha256, future())
        expect(await listed(future())).toEqual([])
      })

      it('goes on when others are removed meanwhile', async () => {
        // Two contents whose hashes begin alike, so that they may lie side by side.
        const pair = alike()
        await Promise.all(pair.map((content) => put(content)))
        const seen: string[] = []
        for await (const sha256 of files.list(future())) {
          seen.push(sha256)
          for (const content of pair) await files.remove(sha256Of(content), future())
        }
        const known = pair.map(sha256Of)
        expect(seen.length).toBeGreaterThanOrEqual(1)
        expect(known).toEqual(expect.arrayContaining(seen))
      })
    })

    describe('a copy', () => {
      let folder: string
      beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), 'sandpit-copy-'))
      })
      afterEach(() => rm(folder, { recursive: true }))

      it('has the bytes of the content, and changing it changes nothing else', async () => {
        const { sha256 } = await put('the original')
        const path = join(folder, 'copy.txt')
        await files.copyTo(sha256, path)
        expect(await readFile(path, 'utf8')).toBe('the original')
        await rm(path)
        expect((await read(sha256))?.toString()).toBe('the original')
      })

      it('of a content that is gone is an error', async () => {
        await expect(files.copyTo(sha256Of('gone'), join(folder, 'copy.txt'))).rejects.toThrow()
      })
    })
  })
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Two contents whose hashes have the same first two digits. */
function alike(): readonly [string, string] {
  const known = new Map<string, string>()
  for (let number = 0; ; number++) {
    const content = `content ${number}`
    const start = sha256Of(content).slice(0, 2)
    const other = known.get(start)
    if (other !== undefined) return [other, content]
    known.set(start, content)
  }
}

async function* inPieces(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

export async function allOf(hashes: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const sha256 of hashes) all.push(sha256)
  return all
}
