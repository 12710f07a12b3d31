/**
 * The processor time of a page of each list of predictions with a million of them, in turns with a thousand:
 * `node bench/lists.ts FOLDER [CHOICES]`. The databases are made in the folder, and kept there. Instead of a
 * folder, the URL of a PostgreSQL server without a database: then the elapsed time, as the work is done there.
 * @module
 */

import { join } from 'node:path'
import { openSqlite } from '../src/store/sqlite.ts'
import type { PredictionFilter } from '../src/store/store.ts'
import { second, start, usualMakers, writeLists } from './support/list-data.ts'
import { openLists } from './support/list-data-postgres.ts'

const counts = { few: 1_000, many: 1_000_000 }
const folder = process.argv[2] ?? '.'
const isServer = folder.startsWith('postgres')
const rounds = isServer ? 7 : 3
/** How many choices are combined at most, that of the viewer among them. */
const mostCombined = Number(process.argv[3] ?? 3)

type Choices = Readonly<Record<string, PredictionFilter>>

const { member } = usualMakers
const hidden = [{ owner: 'owner', name: 'model-9' }]
const viewers: Choices = {
  member: {
    visible: { createdBy: member, accounts: ['namespace:group-0', 'namespace:group-10'], hidden },
  },
  newcomer: { visible: { createdBy: 'newcomer', accounts: [], hidden } },
  operator: {},
}
const texts: Choices = {
  '': {},
  frequent: { text: 'frequent' },
  common: { text: 'common' },
  seldom: { text: 'seldom' },
  needle: { text: 'needle' },
}
const models: Choices = {
  '': {},
  'a model': { model: { owner: 'owner', name: 'model-7' } },
  'the model of a fifth': { model: { owner: 'owner', name: 'model-0' } },
}
const statuses: Choices = {
  '': {},
  failed: { statuses: ['failed', 'aborted'] },
  canceled: { statuses: ['canceled'] },
  running: { statuses: ['starting', 'processing'] },
}
const makers: Choices = {
  '': {},
  mine: { createdBy: member },
  API: { source: 'api' },
  'of a group': { account: 'namespace:group-0' },
  'of another': { createdBy: 'viewer-2' },
}
const withs: Choices = {
  '': {},
  'with a file': { hasFiles: true },
  favourites: { favouriteOf: member },
}

/** The last quarter of all that there are. */
function times(count: number): Choices {
  return { '': {}, 'last quarter': { createdAfter: start + count * 0.75 * second } }
}

interface Asked {
  readonly name: string
  readonly filter: PredictionFilter
}

/** Every combination of one of each. */
function combined(all: readonly Choices[]): readonly Asked[] {
  return all
    .reduce<readonly Asked[]>(
      (before, choices) =>
        before.flatMap(({ name, filter }) =>
          Object.entries(choices).map(([choice, more]) => ({
            name: [name, choice].filter((part) => part !== '').join(', '),
            filter: { ...filter, ...more },
          })),
        ),
      [{ name: '', filter: {} }],
    )
    .filter(({ name }) => name.split(', ').length <= mostCombined)
}

function allOf(count: number): readonly Asked[] {
  const all = combined([viewers, texts, models, statuses, makers, withs, times(count)])
  return all.map(({ name, filter: { ...filter } }) => {
    const isTop = !filter.model && !filter.favouriteOf && filter.text === undefined
    return { name, filter: isTop ? { ...filter, isTop } : filter }
  })
}

async function open(count: number) {
  if (isServer) return { store: await openLists(folder, count), asked: allOf(count) }
  const path = join(folder, `lists-${count}.sqlite`)
  await writeLists(path, count)
  return { store: await openSqlite(path), asked: allOf(count) }
}

type Opened = Awaited<ReturnType<typeof open>>

async function take({ store, asked }: Opened, at: number, limit: number) {
  const filter = asked[at]?.filter ?? {}
  const begun = { at: performance.now(), cpu: process.cpuUsage() }
  const { predictions, searchedBackTo } = await store.page(filter, limit, null)
  const { user, system } = process.cpuUsage(begun.cpu)
  const ms = isServer ? performance.now() - begun.at : (user + system) / 1_000
  return { ms, found: predictions.length, isCut: searchedBackTo !== null }
}

const few = await open(counts.few)
const many = await open(counts.many)
const lines: { ms: number; line: string }[] = []
for (const [at, { name }] of few.asked.entries()) {
  // As many rows are asked of both, and drawing them costs the same.
  const limit = Math.max(1, (await take(few, at, 50)).found)
  const taken = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    taken.few.push((await take(few, at, limit)).ms)
    taken.many.push((await take(many, at, limit)).ms)
  }
  const whole = await take(many, at, 50)
  const [a, b] = [Math.min(...taken.few), Math.min(...taken.many)]
  const cut = whole.isCut ? ', searched a part' : ''
  const line = `${(b / a).toFixed(1)}x ${name}: ${limit} found, ${a.toFixed(1)} ms and ${b.toFixed(1)} ms; a page of ${whole.found}, ${whole.ms.toFixed(1)} ms${cut}`
  if (b / a > 1.5 && b > 1) lines.push({ ms: b, line })
}
for (const { line } of lines.sort((a, b) => b.ms - a.ms)) console.log(line)
console.log(`${few.asked.length} lists, ${lines.length} take more than 1.5 times as long and 1 ms`)
await few.store.close()
await many.store.close()
