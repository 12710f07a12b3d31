import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileUri } from '../../src/domain/file/file.ts'
import { createDatabaseHealth } from '../../src/store/database-health.ts'
import { createHistory } from '../../src/store/migrations/015-history.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { createDialect } from '../../src/store/sqlite-dialect.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, predictionOf, start, versionOf } from '../support/domain.ts'
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

it('makes searchable what a database of before has', async () => {
  const settled = { status: 'succeeded', output: 'a dark sky', createdAt: start } as const
  await store.accept(predictionOf({ id: idOf(2), ...settled }), versionOf(), null)
  await store.accept(predictionOf({ id: idOf(1), createdAt: start + 1 }), versionOf(), null)
  await store.close()
  const database = new DatabaseSync(path)
  database.exec(`
    drop table texts; drop table favourites; drop index predictions_number;
    alter table predictions drop column number; alter table predictions drop column snippet`)
  const db = new Kysely<unknown>({ dialect: createDialect(database, createDatabaseHealth(path)) })
  await createHistory(db)
  await db.destroy()
  store = await openSqlite(path)
  await store.accept(predictionOf({ id: idOf(3), ...settled }), versionOf(), null)
  const { predictions } = await store.page({ text: 'sky' }, 10, null)
  expect(predictions.map(({ id, snippet }) => [id, snippet])).toEqual([
    [idOf(3), 'a dark sky'],
    [idOf(2), 'a dark sky'],
  ])
})

/** Writes many predictions, one a second, all of them but the first without files and with the word. */
function writeMany(count: number): void {
  const database = new DatabaseSync(path)
  database.exec(`
    with recursive many(n) as (select 2 union all select n + 1 from many where n <= ${count})
    insert into predictions (id, model_owner, model_name, version, provider, status, input, output,
      iterates, files, logs, attempt, revision, created_at, source, created_by, visibility,
      summary, made, number)
    select 'id' || n, 'sandpit', 'hello-world', 'v', 'local', 'succeeded', '{}', 'null', 0, '[]', '',
      1, 1, ${start} + n * 1000, 'web', 'ada', 'public', '', '[]', n from many;
    insert into texts (rowid, words)
    select number, (number / 8192) || case number % 2 when 0 then 'xeven' else 'xodd' end from predictions where number > 1`)
  database.close()
}

it('says how far it looked when few of very many match, and goes on from there', async () => {
  const files = [fileOf(1)]
  await store.accept(predictionOf({ files, status: 'succeeded' }), versionOf(), null)
  writeMany(30_000)
  const top = await store.page({ hasFiles: true }, 10, null)
  expect(top).toMatchObject({ predictions: [], next: expect.any(String) })
  expect(top.searchedBackTo).toBeGreaterThan(start)
  const rest = await store.page({ hasFiles: true }, 10, top.next)
  expect(rest).toMatchObject({ predictions: [{ id: idOf(1) }], next: null, searchedBackTo: null })
})

it('searches all of very many for words that never come together', async () => {
  await store.accept(predictionOf(), versionOf(), null)
  writeMany(30_000)
  const none = await store.page({ text: 'even odd' }, 10, null)
  expect(none).toEqual({ predictions: [], next: null, searchedBackTo: null })
  const some = await store.page({ text: 'even' }, 10, null)
  expect(some.predictions.map(({ id }) => id).slice(0, 2)).toEqual(['id30000', 'id29998'])
})
