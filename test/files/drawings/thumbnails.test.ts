import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openDisk } from '../../../src/files/disk.ts'
import { createThumbnails } from '../../../src/files/drawings/thumbnails.ts'
import type { Files } from '../../../src/files/files.ts'

let folder: string
let thumbnailFolder: string
let files: Files
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-thumbnails-'))
  thumbnailFolder = join(folder, 'thumbnails')
  files = await openDisk(join(folder, 'files'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function picture(red: number) {
  const background = { r: red, g: 0, b: 0 }
  const create = { width: 20, height: 20, channels: 3, background } as const
  const bytes = await sharp({ create }).png().toBuffer()
  async function* content() {
    yield bytes
  }
  return { ...(await files.put(content(), 10_000)), ref: 'a', name: 'a.png' }
}

it('draws few at once, however many are asked for', async () => {
  let copying = 0
  let most = 0
  const copyTo: Files['copyTo'] = async (...args) => {
    most = Math.max(most, ++copying)
    await files.copyTo(...args)
    // Drawing follows the copy, and another begins only when one is done.
    setTimeout(() => copying--, 50)
  }
  const thumbnails = createThumbnails({ ...files, copyTo }, thumbnailFolder, Date.now)
  const pictures = await Promise.all(Array.from({ length: 6 }, (_, at) => picture(at * 10)))
  const drawn = await Promise.all(pictures.map(thumbnails.of))
  expect(drawn.every((jpeg) => jpeg !== null && jpeg.length > 0)).toBe(true)
  expect(most).toBeLessThanOrEqual(2)
})

it('goes with the content that it was drawn of', async () => {
  const thumbnails = createThumbnails(files, thumbnailFolder, Date.now)
  const [kept, gone] = [await picture(1), await picture(2)]
  await thumbnails.of(kept)
  await thumbnails.of(gone)
  expect(readdirSync(thumbnailFolder).length).toBe(2)
  await thumbnails.collect(async () => new Set([kept.sha256]))
  expect(readdirSync(thumbnailFolder)).toEqual([`${kept.sha256}.jpg`])
})

it('leaves nothing half drawn behind after a crash', () => {
  createThumbnails(files, thumbnailFolder, Date.now)
  writeFileSync(join(thumbnailFolder, 'a.jpg.picture'), 'half')
  writeFileSync(join(thumbnailFolder, 'a.jpg.new'), 'half')
  createThumbnails(files, thumbnailFolder, Date.now)
  expect(readdirSync(thumbnailFolder)).toEqual([])
})

it('draws in a process that is given nothing of our environment', async () => {
  const seen = join(folder, 'seen')
  const script = join(folder, 'spy.cjs')
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(seen)}, 'seen')`)
  vi.stubEnv('NODE_OPTIONS', `--require ${script}`)
  const jpeg = await createThumbnails(files, thumbnailFolder, Date.now).of(await picture(3))
  expect(jpeg?.length).toBeGreaterThan(0)
  expect(existsSync(seen)).toBe(false)
})
