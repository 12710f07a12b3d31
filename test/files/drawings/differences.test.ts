import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDisk } from '../../../src/files/disk.ts'
import { createDifferences } from '../../../src/files/drawings/differences.ts'
import type { Files } from '../../../src/files/files.ts'

let folder: string
let files: Files
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-differences-'))
  files = await openDisk(join(folder, 'files'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function keep(bytes: Buffer) {
  async function* content() {
    yield bytes
  }
  return { ...(await files.put(content(), 100_000)), ref: 'a', name: 'a.png' }
}

/** Black, with a white square of this width at the left. */
async function picture(width: number, size = 40) {
  const create = { width: size, height: size, channels: 3, background: '#000000' } as const
  const square = { create: { ...create, width, height: size, background: '#ffffff' } }
  const bytes = await sharp({ create }).composite([{ input: square, left: 0, top: 0 }])
  return keep(await bytes.png().toBuffer())
}

const differences = () => createDifferences(files, join(folder, 'differences'), Date.now)

it('counts the pixels that differ, and draws where', async () => {
  const drawn = await differences().of(await picture(10), await picture(20))
  expect(drawn?.figures).toEqual({ width: 40, height: 40, differing: 0.25, mean: 63.75 })
  const { data, info } = await sharp(drawn?.picture).raw().toBuffer({ resolveWithObject: true })
  const [left = 0, between = 0, right = 0] = [5, 15, 30].map(
    (x) => data[(20 * 40 + x) * info.channels],
  )
  expect(between).toBeGreaterThan(200)
  expect([left < 50, right < 50]).toEqual([true, true])
})

it('stretches the second picture to the size of the first', async () => {
  const drawn = await differences().of(await picture(10), await picture(20, 80))
  expect(drawn?.figures).toMatchObject({ width: 40, height: 40 })
  expect(drawn?.figures.differing).toBeLessThan(0.1)
})

it('is null for what is no picture', async () => {
  const broken = await keep(
    (
      await sharp(Buffer.alloc(300), { raw: { width: 10, height: 10, channels: 3 } })
        .png()
        .toBuffer()
    ).subarray(0, 60),
  )
  expect(await differences().of(await picture(10), broken)).toBeNull()
})
