/**
 * How long pages of the list of predictions take with a million of them, and how long each holds the
 * event loop: `node bench/lists-of-a-million.ts [COUNT]`; with `private` after the count, of predictions
 * of which 99 in 100 are private.
 * @module
 */

import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { indexedWords } from '../src/store/kysely/texts/texts.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import type { PredictionFilter } from '../src/store/store.ts'

const count = Number(process.argv[2] ?? 1_000_000)
const isPrivate = process.argv[3] === 'private'
const path = join(tmpdir(), `sandpit-${isPrivate ? 'private-' : ''}lists-of-${count}.sqlite`)
const start = Date.UTC(2026, 0, 1)
const second = 1_000

/** One prediction a second, of 300 models and 50 viewers; one of 100 failed, none made a file. */
async function write(): Promise<void> {
  await (await openSqlite(path)).close()
  const database = new DatabaseSync(path)
  database.exec(`
    pragma synchronous = off;
    begin;
    with recursive many(n) as (select 1 union all select n + 1 from many where n < ${count})
    insert into predictions (id, model_owner, model_name, version, provider, status, input, output,
      iterates, files, logs, attempt, revision, created_at, started_at, completed_at, source,
      created_by, account, visibility, summary, made, snippet, number)
    select printf('%026d', n), 'owner', 'model-' || (n * 7919 % 300), 'v', 'local',
      case when n % 100 = 0 then 'failed' when n % 1000 = 1 then 'aborted' else 'succeeded' end,
      '{"prompt":"a cat"}', '"a text"', 0, '[]', '', 1, 3, ${start} + n * ${second},
      ${start} + n * ${second}, ${start} + n * ${second} + 900, 'web', 'viewer-' || (n * 104729 % 50),
      case when ${isPrivate} and n % 10 = 0 then 'namespace:group-' || (n % 40) end,
      case when ${isPrivate} and n % 97 > 0 then 'private' else 'public' end,
      'a cat', '[]', 'a text', n
    from many;
    commit`)
  if (isPrivate) return database.close()
  const insert = database.prepare('insert into texts (rowid, words) values (?, ?)')
  for (let at = 1; at <= count; at += 1_000) {
    database.exec('begin')
    for (let number = at; number < at + 1_000 && number <= count; number++)
      insert.run(number, indexedWords(number, { ...empty, input: { text: wordsOf(number) } }))
    database.exec('commit')
  }
  database.close()
}

const empty = { output: null, excerpt: null, files: [], iterates: false }

/** Forty words, most of them frequent; never both `even` and `odd`, and `needle` in three. */
function wordsOf(number: number): string {
  const words = Array.from(
    { length: 38 },
    (_, at) => `word${(number * (at + 3) * 31) % (20 * at + 9)}`,
  )
  if (number === 5 || number === 500_000 || number === 999_000) words.push('needle')
  return [...words, 'frequent', number % 2 === 0 ? 'even' : 'odd'].join(' ')
}

const model = { owner: 'owner', name: 'model-7' }
const member = { createdBy: 'viewer-1', accounts: ['namespace:group-0', 'namespace:group-10'] }
const visible = { ...member, hidden: [{ owner: 'owner', name: 'model-9' }] }
const privateLists: Readonly<Record<string, PredictionFilter>> = {
  'a member of two groups': { isTop: true, visible },
  'a newcomer': { isTop: true, visible: { createdBy: 'somebody', accounts: [], hidden: [] } },
  'an operator': { isTop: true },
  'one model, for a member': { model, visible },
  'failed, for a member': { statuses: ['failed', 'aborted'], visible },
  'an account': { account: 'namespace:group-0' },
}
const publicLists: Readonly<Record<string, PredictionFilter>> = {
  all: { isTop: true, visible: { createdBy: 'viewer-1', accounts: [], hidden: [] } },
  'one model': { model },
  failed: { statuses: ['failed', 'aborted'] },
  'failed, of one model, of one viewer': {
    model,
    statuses: ['failed', 'aborted'],
    createdBy: 'viewer-1',
  },
  'with a file: none': { hasFiles: true },
  'with a file, of one viewer: none': { hasFiles: true, createdBy: 'viewer-1' },
  'one day': { createdAfter: start + 10_000 * second, createdBefore: start + 96_400 * second },
  'favourites: 1,000': { favouriteOf: 'viewer-1' },
  'a rare word': { text: 'needle' },
  'a frequent word': { text: 'frequent' },
  'two words that never come together': { text: 'even odd' },
  'a frequent word, failed, with a file: none': {
    text: 'frequent',
    statuses: ['failed'],
    hasFiles: true,
  },
}

const filters = isPrivate ? privateLists : publicLists

if (!existsSync(path)) await write()
const store = await openSqlite(path)
for (let number = 1; number <= 1_000; number++)
  await store.setFavourite(
    'viewer-1',
    { id: String(number * 900).padStart(26, '0'), createdAt: start + number * 900 * second },
    true,
  )
for (const [name, filter] of Object.entries(filters)) {
  for (let round = 0; round < 20; round++) await store.page(filter, 50, null)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const begun = performance.now()
  const cpuBegun = process.cpuUsage()
  const page = await store.page(filter, 50, null)
  const took = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBegun)
  await new Promise((resolve) => setTimeout(resolve, 5))
  delay.disable()
  const end = page.searchedBackTo === null ? '' : ', searched a part'
  console.log(
    `${name}: ${took.toFixed(1)} ms, ${((user + system) / 1e3).toFixed(1)} ms of processor time, loop held ${(delay.max / 1e6).toFixed(1)} ms, ${page.predictions.length} found${end}`,
  )
}
await store.close()
