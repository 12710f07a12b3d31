import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { selectRows } from '../../src/store/kysely/lists/sources.ts'
import { waysByCondition, waysToMany } from '../../src/store/kysely/lists/ways.ts'
import { selectOwnRuns } from '../../src/store/kysely/lists.ts'
import { selectLastRuns, selectUsed } from '../../src/store/kysely/runs.ts'
import type { Tables } from '../../src/store/kysely/tables.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { PredictionFilter } from '../../src/store/store.ts'

let folder: string
let database: DatabaseSync
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-plans-'))
  const path = join(folder, 'sandpit.sqlite')
  await (await openSqlite(path)).close()
  database = new DatabaseSync(path)
})
afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Compiles queries, and runs none. */
const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** How SQLite answers a query, one step a line. */
function planOf(query: Compilable): string {
  const { sql, parameters } = query.compile()
  const steps = database.prepare(`explain query plan ${sql}`).all(...parameters.map(String))
  return steps.map(({ detail }) => detail).join('\n')
}

it('finds the last runs of a model in an index, without sorting', () => {
  const plan = planOf(selectLastRuns(db, { owner: 'sandpit', name: 'story' }, 20))
  const read = plan.split('\n').filter((step) => /predictions (?:USING|$)/.test(step))
  expect(read).toHaveLength(2)
  for (const step of read)
    expect(step).toMatch(/^SEARCH predictions USING INDEX predictions_of_model_by_status \(.*\)$/)
})

const model = { owner: 'sandpit', name: 'story' }
const visible = {
  createdBy: 'ada',
  accounts: ['namespace:kestrel'],
  hidden: [{ owner: 'team', name: 'secret' }],
}
const lists: Readonly<Record<string, readonly [PredictionFilter, readonly string[]]>> = {
  'of everyone': [{ visible, isTop: true }, ['of_viewer', 'of_account', 'public']],
  'of a model': [{ visible, model }, ['of_viewer_of_model', 'of_account_of_model', 'of_model']],
  'of a status': [
    { visible, statuses: ['failed'] },
    ['of_viewer_by_status', 'of_account_by_status', 'by_status'],
  ],
  'of a model and a status': [
    { visible, model, statuses: ['failed'] },
    ['of_viewer_of_model', 'of_account_of_model', 'of_model_by_status'],
  ],
  'of programs': [{ visible, source: 'api' }, ['of_viewer', 'of_account', 'by_api']],
  'of programs, for an operator': [{ source: 'api' }, ['by_api', 'by_api']],
  'of one’s own by status': [
    { visible, createdBy: 'ada', statuses: ['failed', 'aborted'] },
    ['of_viewer_by_status', 'of_viewer_by_status'],
  ],
  'of one’s own that succeeded': [
    { visible, createdBy: 'ada', statuses: ['succeeded'] },
    ['of_viewer'],
  ],
  'of one’s own': [{ visible, createdBy: 'ada' }, ['of_viewer']],
  'of an account': [{ account: 'namespace:kestrel' }, ['of_account']],
  'of a person’s account': [{ account: 'ada' }, ['of_viewer']],
  'of a model, for an operator': [{ model }, ['of_model', 'of_model']],
  'for an operator': [{ isTop: true }, ['all']],
}

it.each(Object.entries(lists))('reads the list %s by its indexes', (_, [filter, indexes]) => {
  const ways = waysToMany(filter)
  const read = ways.map((way) => planOf(selectRows(db, filter, way, '1780000000000-abc').limit(51)))
  const names = read.map((plan) => /USING (?:COVERING )?INDEX predictions_(\w+)/.exec(plan)?.[1])
  expect(names).toEqual(indexes)
  for (const plan of read) expect(plan).not.toContain('TEMP B-TREE')
})

it('finds rows of each condition in an index, without sorting', () => {
  const filter: PredictionFilter = {
    createdBy: 'ada',
    account: 'namespace:kestrel',
    model,
    statuses: ['failed'],
    source: 'api',
    createdAfter: 1,
  }
  const ways = waysByCondition(filter).map(([way]) => way)
  const read = ways.map((way) => (way ? planOf(selectRows(db, filter, way, null)) : ''))
  const names = read.map((plan) => /USING INDEX predictions_(\w+)/.exec(plan)?.[1])
  expect(names).toEqual([
    'of_viewer_of_model',
    'of_viewer_by_status',
    'of_account_of_model',
    'of_account_by_status',
    'of_model_by_status',
    'by_api',
    'all',
  ])
  for (const plan of read) expect(plan).not.toContain('TEMP B-TREE')
})

it('finds the last runs of a model by one viewer in an index, without sorting', () => {
  const plan = planOf(selectOwnRuns(db, { owner: 'sandpit', name: 'story' }, 'ada', 6))
  expect(plan).toMatch(/^SEARCH predictions USING INDEX predictions_of_viewer_of_model \(.*\)$/)
})

it('counts what a viewer has used in an index, from a moment on', () => {
  const plan = planOf(selectUsed(db, 'ada', 1_000))
  expect(plan).toMatch(/^SEARCH predictions USING INDEX predictions_of_viewer \(.*created_at>\?\)$/)
})
