import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nobody, type Viewer } from '../../src/domain/people/viewer.ts'
import { type ModelSubject, may, visible } from '../../src/domain/policy.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { PredictionFilter, Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'

const names = ['echo', 'secret', 'shared'] as const
const subjects = new Map<string, ModelSubject>(
  names.map((name) => {
    const grants = name === 'shared' ? [{ grantee: 'ben', may: 'see' } as const] : []
    const visibility = name === 'echo' ? 'public' : 'private'
    return [name, { ref: { owner: 'kestrel', name }, visibility, grants }]
  }),
)
const of = ({ model }: Pick<Prediction, 'model'>) =>
  subjects.get(model.name) ?? { ref: model, visibility: 'public', grants: [] }

const person = (id: string, ...groups: string[]): Viewer => ({
  ...nobody,
  id,
  kind: 'person',
  role: 'member',
  namespaces: [id, ...groups],
})
const viewers = {
  ada: person('ada', 'kestrel', 'harbour'),
  ben: person('ben'),
  cy: person('cy', 'harbour'),
  newcomer: person('dot'),
  'not known': nobody,
  operator: { ...person('olga'), role: 'operator' as const },
}

/** Two hundred predictions in all combinations, several of them at one moment. */
function every(): Prediction[] {
  const makers = ['ada', 'ben', 'cy', 'eve']
  const accounts = [null, null, 'namespace:kestrel', 'namespace:harbour', 'namespace:other']
  const statuses = ['succeeded', 'failed', 'succeeded'] as const
  return Array.from({ length: 200 }, (_, at) => {
    const createdBy = makers[at % 4] ?? ''
    return predictionOf({
      id: idOf(at + 1),
      model: { owner: 'kestrel', name: names[(at >> 2) % 3] ?? 'echo' },
      status: statuses[(at >> 1) % 3] ?? 'succeeded',
      createdBy,
      account: accounts[(at >> 3) % 5] ?? createdBy,
      visibility: (at * 7) % 10 < 6 ? 'private' : 'public',
      source: at % 13 < 6 ? 'api' : 'web',
      parent: at % 11 === 0 ? idOf(1) : null,
      createdAt: start + Math.floor(at / 3) * 1_000,
    })
  })
}

const all = every()
let folder: string
let store: Store
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-visible-'))
  store = await openSqlite(join(folder, 'sandpit.sqlite'))
  for (const one of all) await store.accept(one, versionOf({ model: one.model }), null)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The ids of a whole list, read page by page. */
async function idsOf(filter: PredictionFilter): Promise<string[]> {
  const ids: string[] = []
  for (let before: string | null = null, more = true; more; ) {
    const page = await store.page(filter, 7, before)
    ids.push(...page.predictions.map(({ id }) => id))
    before = page.next
    more = before !== null
  }
  return ids
}

type Matches = (one: Prediction) => boolean
const model = { owner: 'kestrel', name: 'shared' }
const filters: Readonly<Record<string, readonly [PredictionFilter, Matches]>> = {
  everything: [{}, () => true],
  'no sub-runs': [{ isTop: true }, ({ parent }) => parent === null],
  'one model': [{ model }, (one) => one.model.name === 'shared'],
  failed: [{ statuses: ['failed', 'aborted'] }, ({ status }) => status === 'failed'],
  'one model, failed': [
    { model, statuses: ['failed'] },
    (one) => one.model.name === 'shared' && one.status === 'failed',
  ],
  'by ada': [{ createdBy: 'ada' }, ({ createdBy }) => createdBy === 'ada'],
  'by eve, of one model': [
    { createdBy: 'eve', model },
    (one) => one.createdBy === 'eve' && one.model.name === 'shared',
  ],
  'by ada, failed': [
    { createdBy: 'ada', statuses: ['failed'] },
    (one) => one.createdBy === 'ada' && one.status === 'failed',
  ],
  'from programs': [{ source: 'api' }, ({ source }) => source === 'api'],
  'from programs, failed': [
    { source: 'api', statuses: ['failed', 'aborted'] },
    (one) => one.source === 'api' && one.status === 'failed',
  ],
  'some hours': [
    { createdAfter: start + 9_000, createdBefore: start + 41_000 },
    ({ createdAt }) => createdAt > start + 9_000 && createdAt < start + 41_000,
  ],
}

const cases = Object.entries(viewers).flatMap(([who, viewer]) =>
  Object.entries(filters).map(([name, filter]) => ({ who, name, viewer, filter })),
)

it.each(cases)('lists for $who, of $name, what the policy lets them see', async (given) => {
  await expectVisible(given)
})

async function expectVisible({ viewer, filter: [filter, matches] }: (typeof cases)[number]) {
  const seen = visible(viewer, [...subjects.values()].slice(1))
  const shown = seen === 'all' ? {} : { visible: seen }
  const expected = all
    .filter((one) => matches(one) && may(viewer, 'see', { prediction: one, of: of(one) }))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
  expect(await idsOf({ ...filter, ...shown })).toEqual(expected.map(({ id }) => id))
}

it.each(['ada', 'cy', 'namespace:harbour'])('lists what was made for %s', async (account) => {
  const expected = all.filter((one) => one.account === account).map(({ id }) => id)
  expect((await idsOf({ account })).sort()).toEqual(expected.sort())
})

it('lists the same among thousands that somebody else made for themselves', async () => {
  const database = new DatabaseSync(join(folder, 'sandpit.sqlite'))
  database.exec(`
    with recursive many(n) as (select 1 union all select n + 1 from many where n < 15000)
    insert into predictions (id, model_owner, model_name, version, provider, status, input, iterates,
      files, logs, attempt, revision, created_at, source, created_by, visibility)
    select printf('%026d', 900000 + n), 'kestrel', case when n % 2 then 'shared' else 'echo' end,
      'v', 'local', case when n % 3 = 0 then 'failed' else 'succeeded' end, '{}', 0, '[]', '', 1, 1,
      ${start} + n * 4, case when n % 5 > 1 then 'api' else 'web' end, 'zed', 'private'
    from many`)
  database.close()
  for (const given of cases) if (given.who !== 'operator') await expectVisible(given)
})
