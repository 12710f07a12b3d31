import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDisk } from '../../../src/files/disk.ts'
import { createThumbnails } from '../../../src/files/drawings/thumbnails.ts'
import type { Files } from '../../../src/files/files.ts'

let folder: string
let files: Files
let copied: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-failed-thumbnails-'))
  const disk = await openDisk(join(folder, 'files'))
  copied = []
  files = {
    ...disk,
    // Each drawing begins with a copy.
    copyTo(sha256, path) {
      copied.push(sha256)
      return disk.copyTo(sha256, path)
    },
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A picture that begins as one and breaks off. */
async function brokenPicture(red: number) {
  const background = { r: red, g: 0, b: 0 }
  const create = { width: 200, height: 200, channels: 3, background } as const
  const bytes = await sharp({ create }).png().toBuffer()
  async function* content() {
    yield bytes.subarray(0, 60)
  }
  return { ...(await files.put(content(), 10_000)), ref: 'a', name: 'a.png' }
}

it('is not drawn again, until a while has passed, when it could not be', async () => {
  let now = Date.UTC(2026, 0, 1)
  const thumbnails = createThumbnails(files, join(folder, 'thumbnails'), () => now)
  const picture = await brokenPicture(1)
  const asked = await Promise.all(Array.from({ length: 5 }, () => thumbnails.of(picture)))
  expect([...asked, await thumbnails.of(picture)]).toEqual(Array(6).fill(null))
  expect(copied).toEqual([picture.sha256])
  now += 11 * 60_000
  expect(await thumbnails.of(picture)).toBeNull()
  expect(copied).toHaveLength(2)
})

it('is not drawn of a picture whose content is gone, and does not ask for it again', async () => {
  const thumbnails = createThumbnails(files, join(folder, 'thumbnails'), Date.now)
  const picture = await brokenPicture(2)
  await files.remove(picture.sha256, Date.now() + 60_000)
  for (let at = 0; at < 3; at++) expect(await thumbnails.of(picture)).toBeNull()
  expect(copied).toHaveLength(1)
})
