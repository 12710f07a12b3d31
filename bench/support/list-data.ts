import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { rangeLength } from '../../src/store/kysely/texts/word-index.ts'
import { openSqlite } from '../../src/store/sqlite.ts'

export const start = Date.UTC(2026, 0, 1)
export const second = 1_000

/**
 * A database with so many predictions, one a second, which is kept. A fifth are of one model and the
 * others of 306, of 53 makers; one in 97 is public, one in 101 failed, one in 1009 came from the API, one
 * in 47 made a file, one in 19 is a sub-run. The remainders share no factor, so every combination exists.
 */
export async function writeLists(path: string, count: number): Promise<void> {
  if (existsSync(path)) return
  await (await openSqlite(path)).close()
  fillLists(path, count, usualMakers)
}

/** Who made the predictions: so many, in turns, one of whom has this id. */
export interface Makers {
  readonly count: number
  readonly member: string
}

export const usualMakers: Makers = { count: 53, member: 'viewer-1' }

/** The digits that no id has, and letters in their place. */
const letters = { 0: 'a', 1: 'b', 8: 'i', 9: 'j' }

/** In SQL, the id that a number of 26 digits makes. */
export function withLetters(digits: string): string {
  return Object.entries(letters).reduce(
    (text, [digit, letter]) => `replace(${text}, '${digit}', '${letter}')`,
    digits,
  )
}

/** The id of the prediction `n`. */
export function idOf(n: number): string {
  return Object.entries(letters).reduce(
    (text, [digit, letter]) => text.replaceAll(digit, letter),
    String(n).padStart(26, '0'),
  )
}

/** The files of a prediction that made one. */
export const madeFiles = JSON.stringify([
  { ref: 'file', sha256: '0'.repeat(64), name: 'picture.png', type: 'image/png', size: 1 },
])

/** In SQL, the maker of the prediction `n`. */
export function makerOf({ count, member }: Makers): string {
  return `case n % ${count} when 1 then '${member}' else 'viewer-' || (n % ${count}) end`
}

/** Writes so many predictions into a database that has none. */
export function fillLists(path: string, count: number, makers: Makers): void {
  const database = new DatabaseSync(path)
  database.exec('pragma synchronous = off')
  writePredictions(database, count, makers)
  writeWords(database, count)
  writeFavourites(database, count, makers)
  database.close()
}

function writePredictions(database: DatabaseSync, count: number, makers: Makers): void {
  database.exec(`
    with recursive many(n) as (select 1 union all select n + 1 from many where n < ${count})
    insert into predictions (id, model_owner, model_name, version, provider, status, input, output,
      iterates, files, logs, attempt, revision, created_at, started_at, completed_at, source,
      created_by, account, visibility, parent, summary, made, snippet, number)
    select ${withLetters(`printf('%026d', n)`)}, 'owner',
      'model-' || case when n % 5 = 0 then 0 else n * 7919 % 307 end, 'v', 'local',
      case when n % 101 = 0 then 'failed' when n % 997 = 1 then 'aborted'
        when n % 499 = 2 then 'canceled' when n > ${count} - 3 then 'processing'
        else 'succeeded' end,
      '{"prompt":"a cat"}', '"a text"', 0, '[]', '', 1, 3, ${start} + n * ${second},
      ${start} + n * ${second}, ${start} + n * ${second} + 900,
      case when n % 1009 = 7 then 'api' else 'web' end, ${makerOf(makers)},
      case when n % 11 = 0 then 'namespace:group-' || (n / 11 % 17) end,
      case when n % 97 > 0 then 'private' else 'public' end,
      case when n % 19 = 1 and n > 1 then ${withLetters(`printf('%026d', n - 1)`)} end,
      'a cat', case when n % 47 = 3 then '${madeFiles}' else '[]' end, 'a text', n
    from many`)
}

/** One word that all have, one in 13, one in 1013, ten others of 400, and one that the first three have. */
function writeWords(database: DatabaseSync, count: number): void {
  const inRange = (word: string) => `range || 'x${word}'`
  const others = Array.from(
    { length: 10 },
    (_, at) => `${inRange('word')} || (n * ${at + 3} % ${40 * (at + 1)})`,
  )
  const some = (remainder: number, word: string) =>
    `case when n % ${remainder} = 0 then ${inRange(word)} else '' end`
  const words = [inRange('frequent'), some(13, 'common'), some(1013, 'seldom'), ...others]
  const first = `case when n <= 3 then ${inRange('needle')} else '' end`
  database.exec(`
    with recursive many(n, range) as (select 1, 0
      union all select n + 1, (n + 1) / ${rangeLength} from many where n < ${count})
    insert into texts (rowid, words) select n, ${[...words, first].join(` || ' ' || `)} from many`)
}

/** Two hundred of the member, over all times. */
function writeFavourites(database: DatabaseSync, count: number, { member }: Makers): void {
  database.exec(`
    insert into favourites (viewer, prediction, created_at)
    select '${member}', id, created_at from predictions
    where created_by = '${member}' or visibility = 'public'
    group by number * 200 / ${count} limit 200`)
}
