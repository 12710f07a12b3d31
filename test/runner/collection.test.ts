import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDisk } from '../../src/files/disk.ts'
import type { Files } from '../../src/files/files.ts'
import { collectFiles } from '../../src/runner/collection.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, predictionOf, start, versionOf } from '../support/domain.ts'

const hour = 60 * 60_000

let folder: string
let store: Store
let files: Files
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-collection-'))
  store = await openSqlite(join(folder, 'sandpit.sqlite'))
  files = await openDisk(join(folder, 'files'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A content on disk, written at the start of the test's time. */
async function written(number: number) {
  async function* content() {
    yield new TextEncoder().encode(`content ${number}`)
  }
  const file = { ...fileOf(number), ...(await files.put(content(), 1_000)) }
  const path = join(folder, 'files', file.sha256.slice(0, 2), file.sha256)
  utimesSync(path, start / 1000, start / 1000)
  return file
}

const kept = async (sha256: string) => (await files.open(sha256)) !== null

describe('collecting files', () => {
  it('removes an upload that nobody used, a day after it came and not before', async () => {
    const file = await written(1)
    await store.addFile(file, 'ada', start)
    expect(await collectFiles(store, files, start + 24 * hour - 1)).toBe(0)
    expect(await kept(file.sha256)).toBe(true)
    expect(await collectFiles(store, files, start + 24 * hour + 1)).toBe(1)
    expect(await kept(file.sha256)).toBe(false)
    expect(await store.findFile(file.ref)).toBeNull()
  })

  it('removes bytes that no row knows, a day after they were written and not before', async () => {
    const { sha256 } = await written(2)
    expect(await collectFiles(store, files, start + 24 * hour - 1)).toBe(0)
    expect(await collectFiles(store, files, start + 24 * hour + 1)).toBe(1)
    expect(await kept(sha256)).toBe(false)
  })

  it('leaves the files of predictions, however old', async () => {
    const file = await written(3)
    await store.accept(predictionOf({ files: [file] }), versionOf(), null)
    expect(await collectFiles(store, files, start + 10_000 * hour)).toBe(0)
    expect(await kept(file.sha256)).toBe(true)
  })

  it('removes hundreds in one go', async () => {
    for (let number = 0; number < 450; number++)
      await store.addFile(await written(number), 'ada', start)
    expect(await collectFiles(store, files, start + 25 * hour)).toBe(450)
    const left = readdirSync(join(folder, 'files'), { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile())).toEqual([])
  })
})
