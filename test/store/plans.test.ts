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
import { selectOwnRuns } from '../../src/store/kysely/lists.ts'
import { selectLastRuns } from '../../src/store/kysely/runs.ts'
import type { Tables } from '../../src/store/kysely/tables.ts'
import { openSqlite } from '../../src/store/sqlite.ts'

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
  expect(plan).toMatch(/^SEARCH predictions USING INDEX predictions_of_model_by_status \(.*\)$/)
})

it('finds the last runs of a model by one viewer in an index, without sorting', () => {
  const plan = planOf(selectOwnRuns(db, { owner: 'sandpit', name: 'story' }, 'ada', 6))
  expect(plan).toMatch(/^SEARCH predictions USING INDEX predictions_of_viewer_of_model \(.*\)$/)
})
