import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Figure, Row } from '../row.ts'
import { fillLists, idOf } from '../support/list-data.ts'
import { fillLists as fillPostgres } from '../support/list-data-postgres.ts'
import { type ListData, withListServer } from '../support/list-pages.ts'
import { comparePages, type PathOf } from '../support/page-turns.ts'
import { addPersonTo, isSignedIn, personId } from '../support/person.ts'
import { withDatabase } from '../support/replicas.ts'

const counts = { few: 1_000, many: 1_000_000 }

/** One in twelve is theirs: the page of a list of theirs is full among a thousand too. */
const makers = { count: 12, member: personId }

/** All lists are as long among few as among many. */
type Pages = Readonly<Record<string, PathOf>>

const ownPages: Pages = {
  history: () => '/predictions',
  'their own': () => '/predictions?who=me',
  'a frequent word': () => '/predictions?q=frequent',
  'a word of three': () => '/predictions?q=needle',
  'a prediction': (count, at) => `/p/${idOf(lastOwn(count) - 12 * (at % 50))}`,
  'a model': () => '/owner/model-0',
}

const operatorPages: Pages = {
  history: () => '/predictions',
  'a model': () => '/predictions?model=owner/model-0',
  'a frequent word': () => '/predictions?q=frequent',
  'a word of one in 13': () => '/predictions?q=common',
  'a word of three': () => '/predictions?q=needle',
  'two words': () => '/predictions?q=frequent+needle',
  'a word and a model': () => '/predictions?q=needle&model=owner/model-0',
}

/** The number of the last one of the person that has settled. */
function lastOwn(count: number): number {
  const last = count - 10
  return last - ((last - 1) % 12)
}

export const lists: Row = {
  name: 'lists',
  title: 'Pages with a million predictions, beside the same with a thousand',
  async measure(checkout) {
    const folder = mkdtempSync(join(tmpdir(), 'sandpit-lists-'))
    try {
      return [...(await onSqlite(checkout, folder)), ...(await onPostgres(checkout, folder))]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function onSqlite(checkout: string, folder: string): Promise<readonly Figure[]> {
  const [few, many] = [join(folder, 'few'), join(folder, 'many')]
  for (const [data, count] of [
    [few, counts.few],
    [many, counts.many],
  ] as const) {
    const path = join(data, 'sandpit.sqlite')
    await addPersonTo(await openSqlite(path))
    fillLists(path, count, makers)
  }
  return figures('SQLite', { checkout, data: few }, { checkout, data: many })
}

function onPostgres(checkout: string, folder: string): Promise<readonly Figure[]> {
  return withDatabase(checkout, (few) =>
    withDatabase(checkout, async (many) => {
      for (const [url, count] of [
        [few, counts.few],
        [many, counts.many],
      ] as const) {
        const { store } = await openPostgres({ url, replica: 'bench', onLost() {} })
        await (isSignedIn() ? store.close() : addPersonTo(store))
        await fillPostgres(url, count, makers)
      }
      const [first, second] = [few, many].map((database, at) => ({
        checkout,
        data: join(folder, `postgres-${at}`),
        database,
      }))
      return first && second ? figures('PostgreSQL', first, second) : []
    }),
  )
}

async function figures(where: string, few: ListData, many: ListData): Promise<readonly Figure[]> {
  const all: Figure[] = []
  for (const [role, pages] of [
    ['member', ownPages],
    ['operator', operatorPages],
  ] as const)
    await withListServer(few, role, (first) =>
      withListServer(many, role, async (second) => {
        const sides = [
          { server: first, count: counts.few },
          { server: second, count: counts.many },
        ] as const
        for (const [page, path] of Object.entries(pages))
          all.push(...(await comparePages(`${where}, ${role}: ${page}`, path, sides)))
      }),
    )
  return all
}
