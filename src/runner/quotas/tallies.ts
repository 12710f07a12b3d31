import { LRUCache } from 'lru-cache'
import type { Quota } from '../../domain/people/quota.ts'
import { startOfDay } from '../../domain/people/usage.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'

/** What was counted of one person. */
export interface Tally {
  /** The midnight from which it counts, in milliseconds since 1970. */
  readonly day: number
  runs: number
  ms: number
  /** The minute that runs, which began with a prediction. */
  minuteFrom: number
  inMinute: number
  /** Those that are being accepted. */
  pending: number
  /** Whether `runs` and `ms` hold what the store has of the day. */
  isRead: boolean
  reading: Promise<void> | null
}

interface TalliesOptions {
  readonly store: Pick<Store, 'usedSince'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const mostPeople = 10_000
export const minuteMs = 60_000

/**
 * Counts of what people ran today: read from the store once, then kept up to date, so that removing a
 * prediction gives nothing back.
 */
export function createTallies({ store, now }: TalliesOptions) {
  const tallies = new LRUCache<string, Tally>({ max: mostPeople })

  function of(person: string): Tally {
    const at = now()
    const day = startOfDay(at)
    const before = tallies.get(person)
    const tally = before?.day === day ? before : newTally(day, before)
    tallies.set(person, tally)
    const elapsed = at - tally.minuteFrom
    if (elapsed >= 0 && elapsed < minuteMs) return tally
    tally.minuteFrom = at
    tally.inMinute = 0
    return tally
  }

  async function readDay(person: string, tally: Tally): Promise<void> {
    const { runs, ms } = await store.usedSince(person, tally.day)
    tally.runs = runs
    tally.ms = ms
    tally.isRead = true
  }

  return {
    /** The counts of a person, with those of the day where a quota limits them. */
    async read(person: string, { perDay, secondsPerDay }: Quota): Promise<Tally> {
      const tally = of(person)
      if (tally.isRead || (perDay === null && secondsPerDay === null)) return tally
      tally.reading ??= readDay(person, tally).finally(() => {
        tally.reading = null
      })
      await tally.reading
      return tally
    },
    count(tally: Tally, more: 1 | -1): void {
      if (tally.isRead) tally.runs += more
      // What is given back may have been counted in the minute before.
      tally.inMinute = Math.max(0, tally.inMinute + more)
    },
    /** To be called after each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      if (isSettled(previous) || !isSettled(next)) return
      const tally = tallies.peek(next.createdBy)
      if (tally?.isRead && next.createdAt >= tally.day) tally.ms += ranMs(next) ?? 0
    },
  }
}

function newTally(day: number, before: Tally | undefined): Tally {
  const { minuteFrom = 0, inMinute = 0 } = before ?? {}
  return {
    day,
    runs: 0,
    ms: 0,
    minuteFrom,
    inMinute,
    pending: 0,
    isRead: false,
    reading: null,
  }
}
