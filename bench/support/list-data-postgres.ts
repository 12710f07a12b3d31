import pg from 'pg'
import { rangeLength } from '../../src/store/kysely/texts/word-index.ts'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import type { Store } from '../../src/store/store.ts'
import {
  type Makers,
  madeFiles,
  makerOf,
  second,
  start,
  usualMakers,
  withLetters,
} from './list-data.ts'

/**
 * Opens a database with the same predictions as `writeLists` makes for SQLite, which are made if it has none. It is
 * created on the server if need be.
 */
export async function openLists(server: string, count: number): Promise<Store> {
  const name = `lists_${count}`
  const url = `${server}/${name}`
  const isNew = !(await hasDatabase(server, name))
  if (isNew) await run(`${server}/postgres`, `create database ${name}`)
  const { store } = await openPostgres({ url, replica: 'bench', onLost() {} })
  if (isNew) await fillLists(url, count, usualMakers)
  return store
}

/** Writes so many predictions into a database that has none. */
export async function fillLists(url: string, count: number, makers: Makers): Promise<void> {
  await run(url, ...statements(count, makers))
}

async function hasDatabase(server: string, name: string): Promise<boolean> {
  const [row] = await run(`${server}/postgres`, `select from pg_database where datname = '${name}'`)
  return row !== undefined
}

async function run(url: string, ...each: readonly string[]): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let rows: readonly unknown[] = []
  for (const statement of each) rows = (await client.query(statement)).rows
  await client.end()
  return rows
}

const idOf = (n: string) => withLetters(`lpad((${n})::text, 26, '0')`)

function statements(count: number, makers: Makers): readonly string[] {
  const at = `${start} + n::bigint * ${second}`
  return [
    `insert into predictions (id, model_owner, model_name, version, provider, status, input, output,
      iterates, files, logs, attempt, revision, created_at, started_at, completed_at, source,
      created_by, account, visibility, parent, summary, made, snippet, number, metrics)
    select ${idOf('n')}, 'owner',
      'model-' || case when n % 5 = 0 then 0 else n::bigint * 7919 % 307 end, 'v', 'local',
      case when n % 101 = 0 then 'failed' when n % 997 = 1 then 'aborted'
        when n % 499 = 2 then 'canceled' when n > ${count} - 3 then 'processing'
        else 'succeeded' end,
      '{"prompt":"a cat"}', '"a text"', 0, '[]', '', 1, 3, ${at}, ${at}, ${at} + 900,
      case when n % 1009 = 7 then 'api' else 'web' end, ${makerOf(makers)},
      case when n % 11 = 0 then 'namespace:group-' || (n / 11 % 17) end,
      case when n % 97 > 0 then 'private' else 'public' end,
      case when n % 19 = 1 and n > 1 then ${idOf('n - 1')} end,
      'a cat', case when n % 47 = 3 then '${madeFiles}' else '[]' end, 'a text', n, '{}'
    from generate_series(1, ${count}) as n`,
    `insert into texts (rowid, words) select n, array_remove(array[${wordsOf().join()}], null)
    from (select n, n / ${rangeLength} as range from generate_series(1, ${count}) as n) as many`,
    `insert into favourites (viewer, prediction, created_at)
    select '${makers.member}', id, created_at from (
      select distinct on (number::bigint * 200 / ${count}) id, created_at from predictions
      where created_by = '${makers.member}' or visibility = 'public'
      order by number::bigint * 200 / ${count}, number limit 200) as chosen`,
    'vacuum analyze',
  ]
}

/** In SQL, of the prediction `n`: its words, or null. */
function wordsOf(): readonly string[] {
  const inRange = (word: string) => `range || 'x' || (ts_lexize('english_stem', '${word}'))[1]`
  const some = (condition: string, word: string) =>
    `case when ${condition} then ${inRange(word)} end`
  const others = Array.from(
    { length: 10 },
    (_, at) => `range || 'xword' || (n::bigint * ${at + 3} % ${40 * (at + 1)})`,
  )
  return [
    inRange('frequent'),
    some('n % 13 = 0', 'common'),
    some('n % 1013 = 0', 'seldom'),
    ...others,
    some('n <= 3', 'needle'),
  ]
}
