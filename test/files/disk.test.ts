import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDisk } from '../../src/files/disk.ts'
import { root as sandpit } from '../../src/root.ts'
import { allOf, describeFiles } from './conformance.ts'

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-files-'))
  root = join(folder, 'files')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

describeFiles('files on disk', async () => ({
  files: await openDisk(root),
  everything: () => filesIn(root),
  async close() {},
}))

async function* once(content: string) {
  yield Buffer.from(content)
}

describe('a folder of files', () => {
  it('is for us alone, and so is each file in it', async () => {
    const files = await openDisk(root)
    const { sha256 } = await files.put(once('secret'), 100)
    for (const path of [
      root,
      join(root, sha256.slice(0, 2)),
      join(root, sha256.slice(0, 2), sha256),
    ])
      expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('is cleared of what was left half written when it is opened', async () => {
    mkdirSync(join(root, 'incoming'), { recursive: true })
    writeFileSync(join(root, 'incoming', 'half'), 'half of a fi')
    await openDisk(root)
    expect(await filesIn(root)).toEqual([])
  })

  it('keeps its contents when it is opened again', async () => {
    const { sha256 } = await (await openDisk(root)).put(once('kept'), 100)
    const stream = await (await openDisk(root)).open(sha256)
    expect(await new Response(stream).text()).toBe('kept')
  })

  it('lists contents only, whatever else lies in it', async () => {
    const files = await openDisk(root)
    const { sha256 } = await files.put(once('kept'), 100)
    writeFileSync(join(root, 'README'), 'Do not touch.')
    mkdirSync(join(root, 'lost+found'))
    expect(await allOf(files.list(Date.now() + 60_000))).toEqual([sha256])
  })

  it('leaves a content alone that was put again since it was found to be old', async () => {
    const files = await openDisk(root)
    const { sha256 } = await files.put(once('wanted again'), 100)
    const path = join(root, sha256.slice(0, 2), sha256)
    utimesSync(path, 0, 0)
    expect(await allOf(files.list(60_000))).toEqual([sha256])
    await files.put(once('wanted again'), 100)
    await files.remove(sha256, 60_000)
    expect(existsSync(path)).toBe(true)
  })
})

it('puts 300 MB without holding them in memory', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(sandpit, 'test', 'files', 'large-put.ts'),
    root,
  ])
  const { size, grownBytes } = JSON.parse(stdout)
  expect(size).toBe(300 * 2 ** 20)
  expect(grownBytes / 2 ** 20).toBeLessThan(60)
})
