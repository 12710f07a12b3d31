import { startOfDay } from '../../domain/people/usage.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import type { CountedUsage, UsageTable } from '../../store/usage.ts'
import { minuteMs, type Tallies, type TalliesOptions, type Tally } from './tallies.ts'

interface SharedTalliesOptions extends TalliesOptions {
  readonly usage: UsageTable
  readonly onError: (error: unknown) => void
}

/** The times of runs that have ended are added this often, in milliseconds. */
const addMs = 200

/** Counts over all replicas. Of one person, one prediction is accepted at a time, so that limits are exact. */
export function createSharedTallies(options: SharedTalliesOptions): Tallies {
  const { store, now, usage, onError } = options
  let times = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  /** Of a new day, what was accepted before anything was counted. */
  async function tallyOf(person: string, counted: CountedUsage | null): Promise<Tally> {
    const at = now()
    const day = startOfDay(at)
    const { runs, ms } = counted?.day === day ? counted : await store.usedSince(person, day)
    const elapsed = at - (counted?.minuteFrom ?? Number.NEGATIVE_INFINITY)
    const minute =
      counted && elapsed >= 0 && elapsed < minuteMs ? counted : { minuteFrom: at, inMinute: 0 }
    const { minuteFrom, inMinute } = minute
    return { day, runs, ms, minuteFrom, inMinute, pending: 0 }
  }

  function addTimes(): void {
    timer = undefined
    const added = times
    times = new Map()
    usage.addTimes(startOfDay(now()), added).catch(onError)
  }

  return {
    read: async (person) => tallyOf(person, await usage.find(person)),

    async begin(person) {
      const { counted, end } = await usage.begin(person)
      try {
        const tally = await tallyOf(person, counted)
        const { pending: _, ...before } = tally
        const next = { ...before, runs: tally.runs + 1, inMinute: tally.inMinute + 1 }
        return {
          tally,
          count() {},
          end: (isAccepted) => end(isAccepted ? next : null).catch(onError),
        }
      } catch (error) {
        await end(null)
        throw error
      }
    },

    saved(previous, next) {
      if (isSettled(previous) || !isSettled(next)) return
      const ms = ranMs(next) ?? 0
      if (ms === 0 || next.createdAt < startOfDay(now())) return
      times.set(next.createdBy, (times.get(next.createdBy) ?? 0) + ms)
      timer ??= setTimeout(addTimes, addMs)
    },

    stop() {
      if (timer === undefined) return
      clearTimeout(timer)
      addTimes()
    },
  }
}
