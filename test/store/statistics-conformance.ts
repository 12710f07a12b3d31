import { describe, expect, it } from 'vitest'
import { hourMs } from '../../src/domain/statistics/run-counts.ts'
import type { CountedRuns } from '../../src/store/statistics.ts'
import type { Store } from '../../src/store/store.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

const model = { owner: 'ann', name: 'lantern' }
const noon = 480_012 * hourMs
const day = 24 * hourMs

function runs(hours: number, changes: Partial<CountedRuns> = {}): CountedRuns {
  return {
    model,
    hour: noon + hours * hourMs,
    end: 'succeeded',
    waited: 3,
    ran: 20,
    count: 1,
    ...changes,
  }
}

/** The contract of `StatisticsStore`, for every database. */
export function describeStatisticsStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    let other: Store
    openEach(open, (opened) => {
      store = opened.first
      other = opened.second
    })

    it('adds the counts of all servers up, by the hour', async () => {
      await store.countRuns(
        [runs(0), runs(0, { ran: 21 }), runs(1, { end: 'failed', ran: null })],
        0,
      )
      await other.countRuns([runs(0, { count: 4 })], 0)
      expect(await store.endedRuns(model, noon, hourMs)).toEqual([
        {
          at: noon,
          ends: { succeeded: 6, failed: 0, canceled: 0 },
          waited: new Map([[3, 6]]),
          ran: new Map([
            [20, 5],
            [21, 1],
          ]),
        },
        {
          at: noon + hourMs,
          ends: { succeeded: 0, failed: 1, canceled: 0 },
          waited: new Map([[3, 1]]),
          ran: new Map(),
        },
      ])
    })

    it('adds hours up to days', async () => {
      await store.countRuns([runs(-1), runs(1), runs(13)], 0)
      const found = await store.endedRuns(model, noon, day)
      expect(found.map(({ at, ends }) => [at, ends.succeeded])).toEqual([
        [noon - 12 * hourMs, 2],
        [noon + 12 * hourMs, 1],
      ])
    })

    it('counts each model for itself, and leaves out earlier times', async () => {
      await store.countRuns([runs(0), runs(-5), runs(0, { model: { owner: 'ann', name: 'x' } })], 0)
      const found = await store.endedRuns(model, noon, hourMs)
      expect(found.map(({ at, ends }) => [at, ends.succeeded])).toEqual([[noon, 1]])
    })

    it('forgets the hours before a moment', async () => {
      await store.countRuns([runs(0), runs(2)], 0)
      await store.countRuns([runs(2)], noon + hourMs)
      const found = await store.endedRuns(model, 0, hourMs)
      expect(found.map(({ at, ends }) => [at, ends.succeeded])).toEqual([[noon + 2 * hourMs, 2]])
    })

    it('counts many at once', async () => {
      const many = Array.from({ length: 1_000 }, (_, at) => runs(at % 100, { ran: at % 90 }))
      await store.countRuns(many, 0)
      const found = await store.endedRuns(model, 0, hourMs)
      expect(found.reduce((sum, { ends }) => sum + ends.succeeded, 0)).toBe(1_000)
    })
  })
}
