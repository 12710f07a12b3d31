import { setTimeout as delay } from 'node:timers/promises'
import { type ModelRef, modelName, sameModel } from '../domain/model-ref.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { byTime, countedRun, countsOf, type TimedCounts } from '../domain/statistics/run-counts.ts'
import type { CountedRuns, StatisticsStore } from '../store/statistics.ts'
import type { Log } from './options.ts'

export interface StatisticsOptions {
  readonly store: StatisticsStore
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Log
}

export type Statistics = ReturnType<typeof createStatistics>

/** Counts are kept for a month, and some days more, in milliseconds. */
const keptMs = 35 * 24 * 3_600_000

/** Counts are written this long after the first of them, in milliseconds: those of a server that is killed meanwhile are lost. */
const writeAfterMs = 5_000

/** Counts the runs that end, for the figures of each model. */
export function createStatistics({ store, now, log }: StatisticsOptions) {
  let counts = new Map<string, CountedRuns>()
  let later: Promise<void> | null = null
  let written: Promise<void> = Promise.resolve()
  const closing = new AbortController()

  async function writeLater(): Promise<void> {
    await delay(writeAfterMs, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    later = null
    await write()
  }

  /** Writes what was counted so far. Resolves once that and all before is written. */
  function write(): Promise<void> {
    written = written.then(writeOnce)
    return written
  }

  async function writeOnce(): Promise<void> {
    const taken = [...counts.values()]
    counts = new Map()
    if (taken.length === 0) return
    try {
      await store.countRuns(taken, now() - keptMs)
    } catch (error) {
      log.error({ error }, 'Runs could not be counted for the figures of their models')
    }
  }

  return {
    /** To be called with each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      if (isSettled(previous)) return
      const run = countedRun(next)
      if (!run) return
      const key = `${modelName(next.model)} ${run.hour} ${run.end} ${run.waited} ${run.ran}`
      const known = counts.get(key)
      counts.set(key, { ...run, model: next.model, count: (known?.count ?? 0) + 1 })
      later ??= writeLater()
    },
    /** As `StatisticsStore.endedRuns`, with those that were counted here and are not written yet. */
    async endedRuns(
      model: ModelRef,
      since: number,
      stepMs: number,
    ): Promise<readonly TimedCounts[]> {
      const kept = await store.endedRuns(model, since, stepMs)
      const here = [...counts.values()].filter((one) => sameModel(one.model, model))
      return byTime([...kept, ...here.map((one) => countsOf(one, stepMs))])
    },
    write,
    async close(): Promise<void> {
      closing.abort()
      await later
      await write()
    },
  }
}
