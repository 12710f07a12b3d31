import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { apply } from '../../src/domain/prediction/apply.ts'
import { rememberReads } from '../../src/store/remembered.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { ofPrediction, shareOf } from '../support/shares.ts'

const prediction = predictionOf()
const { id, model } = prediction

let folder: string
let store: Store
/** The reads that reached the database. */
let reads: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-remembered-'))
  const database = await openSqlite(join(folder, 'sandpit.sqlite'))
  reads = []
  store = rememberReads({
    ...database,
    lastRuns(...asked) {
      reads.push('runs')
      return database.lastRuns(...asked)
    },
    favouritesAmong(...asked) {
      reads.push('favourites')
      return database.favouritesAmong(...asked)
    },
    sharesOf(...asked) {
      reads.push('shares')
      return database.sharesOf(...asked)
    },
  })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const runsOf = async (viewer: string) =>
  (await store.lastRuns(model, viewer)).map((run) => `${run.id} ${run.status}`)

it('reads the last runs of a viewer once, until they change', async () => {
  expect(await runsOf('ada')).toEqual([])
  await store.accept(prediction, versionOf(), null)
  expect(await runsOf('ada')).toEqual([`${id} starting`])
  expect(await store.lastRuns(model, 'ada')).toBe(await store.lastRuns(model, 'ada'))
  const failed = apply(prediction, { type: 'failed', error: 'No.', at: start + 1 })
  await store.save(prediction, failed)
  expect(await runsOf('ada')).toEqual([`${id} failed`])
  await store.remove(id, start)
  expect(await runsOf('ada')).toEqual([])
  expect(reads).toHaveLength(4)
})

it('keeps the runs of viewers, and of models, apart', async () => {
  await store.accept(prediction, versionOf(), null)
  expect(await runsOf('ada')).toHaveLength(1)
  expect(await runsOf('bob')).toEqual([])
  expect(await store.lastRuns({ owner: 'sandpit', name: 'other' }, 'ada')).toEqual([])
  await store.accept(predictionOf({ id: idOf(2), createdBy: 'bob' }), versionOf(), null)
  expect(await runsOf('ada')).toHaveLength(1)
  expect(await runsOf('bob')).toHaveLength(1)
})

it('does not keep what was read while it changed', async () => {
  await store.accept(prediction, versionOf(), null)
  const reading = store.lastRuns(model, 'ada')
  const second = store.accept(predictionOf({ id: idOf(2) }), versionOf(), null)
  await Promise.all([reading, second])
  expect(await runsOf('ada')).toHaveLength(2)
})

it('reads whether a prediction is a favourite once, until that changes', async () => {
  await store.accept(prediction, versionOf(), null)
  const isFavourite = async (viewer: string) => (await store.favouritesAmong(viewer, [id])).has(id)
  expect([await isFavourite('ada'), await isFavourite('ada')]).toEqual([false, false])
  await store.setFavourite('ada', prediction, true)
  expect([await isFavourite('ada'), await isFavourite('bob')]).toEqual([true, false])
  await store.setFavourite('ada', prediction, false)
  expect(await isFavourite('ada')).toBe(false)
  expect(reads).toHaveLength(4)
})

it('reads the share links of a prediction once, until they change', async () => {
  await store.accept(prediction, versionOf(), null)
  const shares = async () => (await store.sharesOf(ofPrediction(id))).map((share) => share.id)
  expect([await shares(), await shares()]).toEqual([[], []])
  const share = shareOf(idOf(7), id)
  await store.share(share)
  expect(await shares()).toEqual([share.id])
  await store.openShare(share.id, start, true)
  expect((await store.sharesOf(ofPrediction(id)))[0]?.opens).toBe(1)
  await store.endShares({ of: ofPrediction(id) }, start)
  expect(await shares()).toEqual([])
  expect(reads).toHaveLength(4)
})

it('asks again after a read that failed', async () => {
  let fails = true
  const shaky = rememberReads({
    ...store,
    sharesOf: async (one) => {
      if (fails) throw new Error('The disk is gone')
      return store.sharesOf(one)
    },
  })
  await expect(shaky.sharesOf(ofPrediction(id))).rejects.toThrow('The disk is gone')
  fails = false
  expect(await shaky.sharesOf(ofPrediction(id))).toEqual([])
})
