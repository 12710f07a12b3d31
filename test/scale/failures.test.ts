import { afterEach, beforeEach, expect, it } from 'vitest'
import { NoSpace } from '../../src/domain/unavailable.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { query } from '../support/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres-store.ts'

let database: TestDatabase
let store: Store
beforeEach(async () => {
  database = await createTestDatabase()
  store = (await database.open('a')).store
})
afterEach(() => database.drop())

const read = (statement: string) => query(database.url, statement)
const accept = (number: number) =>
  store.accept(predictionOf({ id: idOf(number) }), versionOf(), null)

/** From here on, an insert of a prediction fails with a code of PostgreSQL while a condition holds. */
async function failInserts(code: string, condition: string): Promise<void> {
  await read('create sequence tries')
  await read(`
    create function fail() returns trigger language plpgsql as $$
    begin
      if ${condition} then raise exception 'failed' using errcode = '${code}'; end if;
      return new;
    end $$`)
  await read(
    'create trigger failing before insert on predictions for each row execute function fail()',
  )
}

it.each([
  ['a deadlock', '40P01'],
  ['a change of the same rows', '40001'],
  ['a lock that took too long', '55P03'],
])('tries writes again after %s', async (_what, code) => {
  await failInserts(code, `nextval('tries') <= 3`)
  await Promise.all(Array.from({ length: 20 }, (_, number) => accept(number)))
  expect((await store.page({}, 50, null)).predictions).toHaveLength(20)
})

it('says that the disk of the database is full, and goes on when it is not', async () => {
  await failInserts('53100', `nextval('tries') <= 1`)
  await expect(accept(1)).rejects.toBeInstanceOf(NoSpace)
  await accept(1)
  expect(await store.find(idOf(1))).not.toBeNull()
})

it('keeps each write as a whole or not at all while its connections are lost', async () => {
  const ids = Array.from({ length: 400 }, (_, number) => number)
  let ended = 0
  const done = new AbortController()
  const killing = (async () => {
    while (!done.signal.aborted) {
      const rows = await read(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      ended += rows.length
    }
  })()
  const kept = new Set<number>()
  for (let from = 0; from < ids.length; from += 20)
    await Promise.all(
      ids.slice(from, from + 20).map(async (number) => {
        await accept(number).then(
          () => kept.add(number),
          () => {},
        )
      }),
    )
  done.abort()
  await killing
  expect(ended).toBeGreaterThan(5)
  for (const number of kept) expect(await store.find(idOf(number))).not.toBeNull()
  const [counted] = await read(`
    select (select count(*) from predictions) = (select sum(made) from runs) as whole`)
  expect(counted).toEqual({ whole: true })
})

it('finds nothing under ids and cursors that no database could keep', async () => {
  for (const text of ['a\0b', '\0', '\ud800', '%', "'", '9'.repeat(40), `${'9'.repeat(40)}-a\0b`]) {
    expect(await store.find(text)).toBeNull()
    expect(await store.findFile(text)).toBeNull()
    expect(await store.findUpload(text)).toBeNull()
    expect(await store.findVersion({ owner: text, name: text }, text)).toBeNull()
    expect((await store.page({}, 10, text)).predictions).toEqual([])
    expect((await store.page({ text: 'a cat' }, 10, text)).predictions).toEqual([])
    expect((await store.page({ createdBy: text }, 10, null)).predictions).toEqual([])
    expect((await store.uploads(text, 10, text)).uploads).toEqual([])
    expect(await store.remove(text, start)).toBe(false)
  }
})
