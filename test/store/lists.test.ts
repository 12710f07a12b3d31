import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileUri } from '../../src/domain/file/file.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, predictionOf, versionOf } from '../support/domain.ts'
import { eventually } from '../support/eventually.ts'

let folder: string
let path: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-lists-'))
  path = join(folder, 'sandpit.sqlite')
  store = await openSqlite(path)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const listed = async () => (await store.page({}, 10, null)).predictions

it('holds no inputs and no more than a few files, however many there are', async () => {
  const given = fileOf(1)
  const made = Array.from({ length: 500 }, (_, at) => fileOf(2 + at))
  const input = { image: fileUri(given), prompt: 'a cat '.repeat(200_000) }
  await store.accept(predictionOf({ input, files: [given, ...made] }), versionOf(), null)
  const [one] = await listed()
  expect(JSON.stringify(one).length).toBeLessThan(5_000)
  expect(one?.summary).toMatch(/^picture 1.png, a cat a cat .*…$/)
  expect(one?.made.slice(0, 2)).toEqual(made.slice(0, 2))
})

it('says of a file that was given as data what it is', async () => {
  const input = { image: `data:image/png;base64,${'A'.repeat(100_000)}` }
  await store.accept(predictionOf({ input }), versionOf(), null)
  expect((await listed())[0]?.summary).toBe('image.png')
})

it('fills in what a database of before did not keep, once', async () => {
  const made = fileOf(3)
  await store.accept(predictionOf({ files: [made] }), versionOf(), null)
  await store.accept(predictionOf({ id: idOf(2), input: { n: 1 } }), versionOf(), null)
  const database = new DatabaseSync(path)
  database.exec('update predictions set summary = null, made = null')
  const expected = [
    { id: idOf(2), summary: 'n = 1', made: [] },
    { id: idOf(1), summary: 'prompt = a cat', made: [made] },
  ]
  expect(await listed()).toMatchObject(expected)
  const left = database.prepare('select count(*) as left from predictions where summary is null')
  await eventually(() => expect(left.get()).toEqual({ left: 0 }))
  expect(await listed()).toMatchObject(expected)
  database.close()
})
