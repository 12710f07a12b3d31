import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { apply } from '../../src/domain/prediction/apply.ts'
import { createRunTimes, type RunTimes } from '../../src/runner/run-times.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'

let folder: string
let store: Store
let runTimes: RunTimes
let runs: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-run-times-'))
  store = await openSqlite(join(folder, 'sandpit.sqlite'))
  runTimes = createRunTimes(store, { isShared: false })
  runs = 0
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const { model } = predictionOf()

/** A run that takes `ms`. */
async function run(ms: number, end: 'succeeded' | 'canceled' = 'succeeded'): Promise<void> {
  runs++
  const accepted = predictionOf({ id: idOf(runs), createdAt: start + runs })
  await store.accept(accepted, versionOf(), null)
  const begun = apply(accepted, { type: 'started', at: start + 1_000 })
  const over = apply(begun, { type: end, at: start + 1_000 + ms })
  await store.save(accepted, over)
  runTimes.saved(begun, over)
}

it('is the median of the last succeeded runs', async () => {
  for (const ms of [4_000, 90_000, 5_000]) await run(ms)
  await run(1, 'canceled')
  expect(await runTimes.typical(model)).toBe(5_000)
})

it('counts runs as they succeed, and no others', async () => {
  expect(await runTimes.typical(model)).toBeNull()
  await run(9_000, 'canceled')
  expect(await runTimes.typical(model)).toBeNull()
  await run(3_000)
  expect(await runTimes.typical(model)).toBe(3_000)
})

it('forgets what is no longer among the last', async () => {
  for (let at = 0; at < 20; at++) await run(60_000)
  expect(await runTimes.typical(model)).toBe(60_000)
  for (let at = 0; at < 11; at++) await run(2_000)
  expect(await runTimes.typical(model)).toBe(2_000)
  expect(await createRunTimes(store, { isShared: false }).typical(model)).toBe(2_000)
})

it('measures boots, of runs that began cold', async () => {
  expect(runTimes.typicalBoot(model)).toBeNull()
  await run(5_000)
  expect(runTimes.typicalBoot(model)).toBeNull()
  runTimes.coldRun(idOf(2), start - 39_000)
  await run(5_000)
  expect(runTimes.typicalBoot(model)).toBe(40_000)
})
