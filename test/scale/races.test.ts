import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredFile } from '../../src/domain/file/file.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { apply } from '../../src/domain/prediction/apply.ts'
import type { Occurrence } from '../../src/domain/prediction/event.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { query } from '../support/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres-store.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

describe('a database that two replicas write to at the same moment', () => {
  const rounds = 100
  const each = Array.from({ length: rounds }, (_, round) => round)
  let store: Store
  let other: Store
  beforeEach(async () => {
    store = (await database.open('a')).store
    other = (await database.open('b')).store
  })

  it('makes one prediction of two presses, each time', async () => {
    for (const round of each) {
      const press = { key: `key ${round}`, since: start - 10_000 }
      const [one, two] = await Promise.all(
        [store, other].map((handle, at) =>
          handle.accept(predictionOf({ id: idOf(2 * round + at) }), versionOf(), press),
        ),
      )
      expect(one?.id).toBe(two?.id)
    }
    expect((await store.page({}, 2 * rounds, null)).predictions).toHaveLength(rounds)
  })

  it('makes one prediction of two presses while many press', async () => {
    const presses = each.map((round) => ({ key: `key ${round}`, since: start - 10_000 }))
    const pressOn = (handle: Store, first: number, keys = presses) =>
      keys.map((press, at) =>
        handle.accept(predictionOf({ id: idOf(first + at) }), versionOf(), press),
      )
    await Promise.all([
      ...pressOn(store, 0),
      ...pressOn(other, 1_000, presses.toReversed()),
      ...pressOn(other, 2_000),
    ])
    expect((await store.page({}, 3 * rounds, null)).predictions).toHaveLength(rounds)
  })

  it('sends the end of a prediction after its start, however they meet', async () => {
    for (const round of each) {
      const webhook = { url: 'https://example.com/hook', events: ['start', 'completed'] } as const
      const accepted = await accept(store, { id: idOf(round), webhook })
      const started = await save(store, accepted, { type: 'started' })
      const [began] = await store.pendingDeliveries('https://example.com', 1)
      if (!began) throw new Error('The start is not pending.')
      await Promise.all([
        save(store, started, { type: 'succeeded' }),
        other.keepTry({ ...began, state: 'delivered', tries: 1, nextAt: null, triedAt: start }),
      ])
      const [end, ...more] = await store.pendingDeliveries('https://example.com', 2)
      expect(end).toMatchObject({ prediction: accepted.id, event: 'completed' })
      expect(more).toEqual([])
      if (end) await store.keepTry({ ...end, state: 'delivered', nextAt: null, triedAt: start })
    }
  })

  it('keeps the version of each prediction that is kept', async () => {
    for (const round of each) {
      const version = versionOf({ id: round.toString(16).padStart(64, '0') })
      const of = { version: version.id }
      const first = await store.accept(predictionOf({ id: idOf(round), ...of }), version, null)
      await store.remove(first.id, start)
      const [, removed] = await Promise.all([
        store.accept(predictionOf({ id: idOf(1_000 + round), ...of }), version, null),
        other.removeVersion(version.model, version.id),
      ])
      const [kept] = (await other.versionsOf(version.model)).filter(({ id }) => id === version.id)
      expect(kept, `after it was removed: ${removed}`).toMatchObject({ id: version.id })
    }
  })

  it('keeps the content of each file that is kept', async () => {
    for (const round of each) {
      const before = fileOf(round)
      const after: StoredFile = { ...before, ref: idOf(2_000_000 + round) }
      const removed = await accept(store, { id: idOf(round), files: [before] })
      await Promise.all([
        other.remove(removed.id, start),
        accept(store, { id: idOf(1_000 + round), files: [after] }),
      ])
      expect(await other.forget(start + 1, 10)).toEqual([])
      expect(await store.findFile(after.ref)).not.toBeNull()
    }
  })

  it('forgets no content that is taken again', async () => {
    for (const round of each) {
      const before = fileOf(round)
      const removed = await accept(store, { id: idOf(round), files: [before] })
      await store.remove(removed.id, start)
      const again = { ...before, ref: idOf(2_000_000 + round) }
      await Promise.all([
        other.forget(start + 1, 10),
        accept(store, { id: idOf(1_000 + round), files: [again] }),
      ])
      expect(await store.knownContents([again.sha256])).toEqual(new Set([again.sha256]))
      expect(await store.findFile(again.ref)).not.toBeNull()
    }
  })

  it('lets one of two edits of a record through, each time', async () => {
    for (const round of each) {
      const handles = [store, other]
      const saved = await Promise.all(
        handles.map((handle) => handle.saveCollection(collectionOf(round + 1), round)),
      )
      expect(saved.filter(Boolean)).toHaveLength(1)
    }
  })
})

it('counts the runs of many models at many replicas, without a deadlock', async () => {
  const models = Array.from({ length: 20 }, (_, at) => ({ owner: 'ann', name: `model-${at}` }))
  // Each of them in another order.
  const steps = [1, 3, 7, 9]
  const rounds = 25
  const stores = await Promise.all(
    steps.map(async (step) => (await database.open(`replica ${step}`)).store),
  )
  const accepted = stores.flatMap((store, at) =>
    Array.from({ length: rounds * models.length }, (_, number) => {
      const model = models[(number * (steps[at] ?? 1)) % models.length] ?? versionOf().model
      const id = idOf(at * 10_000 + number)
      return store.accept(predictionOf({ id, model }), versionOf({ model }), null)
    }),
  )
  await Promise.all(accepted)
  const counts = new Map(models.map((model) => [modelName(model), stores.length * rounds]))
  for (const store of stores) expect(await store.runCounts()).toEqual(counts)
  const read = (statement: string) => query(database.url, statement)
  expect(await read('select count(distinct shard)::int as shards from runs')).toEqual([
    { shards: stores.length },
  ])
  expect(
    await read('select deadlocks from pg_stat_database where datname = current_database()'),
  ).toEqual([{ deadlocks: '0' }])
})

function collectionOf(revision: number) {
  return {
    slug: 'pictures',
    title: 'Pictures',
    summary: '',
    models: [],
    revision,
    createdAt: start,
    updatedAt: start,
  }
}

function accept(store: Store, changes: Partial<Prediction>): Promise<Prediction> {
  return store.accept(predictionOf(changes), versionOf(), null)
}

async function save(store: Store, previous: Prediction, event: Occurrence): Promise<Prediction> {
  const next = apply(previous, { ...event, at: start })
  expect(await store.save(previous, next)).toBe(true)
  return next
}
