import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDisk } from '../../src/files/disk.ts'
import type { Files } from '../../src/files/files.ts'

let files: Files
beforeAll(async () => {
  files = await openDisk(mkdtempSync(join(tmpdir(), 'sandpit-pixels-')))
})

async function* inPieces(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const put = (bytes: Uint8Array) => files.put(inPieces(bytes, 1_000), 10_000_000)

const picture = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'tan' } })

describe('the size of a picture', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
    'is read when it is kept: %s',
    async (format) => {
      const kept = await put(await picture(300, 180).toFormat(format).toBuffer())
      expect(kept.pixels).toEqual({ width: 300, height: 180 })
    },
  )

  it('is that of a JPEG whose preview and profile come first', async () => {
    const plain = await picture(640, 480).jpeg().toBuffer()
    const segment = Buffer.concat([Buffer.from([0xff, 0xed, 0xea, 0x62]), Buffer.alloc(60_000)])
    const long = Buffer.concat([plain.subarray(0, 2), segment, segment, plain.subarray(2)])
    expect((await put(long)).pixels).toEqual({ width: 640, height: 480 })
  })

  it('is as the picture is shown, when the camera was turned', async () => {
    const turned = await picture(640, 480).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect((await put(turned)).pixels).toEqual({ width: 480, height: 640 })
  })

  it('is not known of what is no picture, is drawn, is cut off, or claims to be vast', async () => {
    const png = await picture(300, 180).png().toBuffer()
    const vast = Buffer.from(png)
    vast.writeUInt32BE(0xffffffff, 16)
    const drawn = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    const cut = (await picture(300, 180).jpeg().toBuffer()).subarray(0, 30)
    for (const bytes of [Buffer.from('sand'), drawn, vast, cut])
      expect(await put(bytes)).not.toHaveProperty('pixels')
  })

  it.each([
    [
      'image/avif',
      (size: number) =>
        Buffer.concat([
          Buffer.from('\0\0\0\x18ftypavif\0\0\0\0avifmif1', 'latin1'),
          ...Array.from({ length: size / 8 }, () => Buffer.from('\0\0\0\x08ispe', 'latin1')),
        ]),
    ],
    [
      'image/jpeg',
      (size: number) =>
        Buffer.concat([
          Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
          Buffer.alloc(size, Buffer.from([0, 2, 0, 0xff])),
        ]),
    ],
  ])('takes no long to look for in a file that is made to be slow: %s', async (type, make) => {
    const started = performance.now()
    const kept = await put(make(1_000_000))
    expect(kept.type).toBe(type)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
