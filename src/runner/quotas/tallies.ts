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
  readonly runs: number
  readonly ms: number
  /** The minute that runs, which began with a prediction. */
  readonly minuteFrom: number
  readonly inMinute: number
  /** Those that are being accepted. */
  readonly pending: number
}

/** One more prediction, which is counted or not. */
export interface Counting {
  readonly tally: Tally
  /** To be called at once when limits allow it. */
  count(): void
  /** As in `Admission`. */
  end(isAccepted: boolean): Promise<void>
}

/** Counts of what people ran today. Removing a prediction gives nothing back. */
export interface Tallies {
  /** The counts of a person, with those of the day where a quota limits them. */
  read(person: string, quota: Quota): Promise<Tally>
  begin(person: string, quota: Quota): Promise<Counting>
  /** To be called after each save of a prediction. */
  saved(previous: Prediction, next: Prediction): void
  stop(): void
}

interface LocalTally extends Tally {
  runs: number
  ms: number
  minuteFrom: number
  inMinute: number
  pending: number
  /** Whether `runs` and `ms` hold what the store has of the day. */
  isRead: boolean
  reading: Promise<void> | null
}

export interface TalliesOptions {
  readonly store: Pick<Store, 'usedSince'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const mostPeople = 10_000
export const minuteMs = 60_000

/** Counts of this process: read from the store once, then kept up to date. */
export function createLocalTallies({ store, now }: TalliesOptions): Tallies {
  const tallies = new LRUCache<string, LocalTally>({ max: mostPeople })

  function of(person: string): LocalTally {
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

  async function readDay(person: string, tally: LocalTally): Promise<void> {
    const { runs, ms } = await store.usedSince(person, tally.day)
    tally.runs = runs
    tally.ms = ms
    tally.isRead = true
  }

  async function read(person: string, { perDay, secondsPerDay }: Quota): Promise<LocalTally> {
    const tally = of(person)
    if (tally.isRead || (perDay === null && secondsPerDay === null)) return tally
    tally.reading ??= readDay(person, tally).finally(() => {
      tally.reading = null
    })
    await tally.reading
    return tally
  }

  function add(tally: LocalTally, more: 1 | -1): void {
    if (tally.isRead) tally.runs += more
    // What is given back may have been counted in the minute before.
    tally.inMinute = Math.max(0, tally.inMinute + more)
  }

  return {
    read,
    async begin(person, quota) {
      const tally = await read(person, quota)
      let isCounted = false
      return {
        tally,
        count() {
          isCounted = true
          add(tally, 1)
          tally.pending++
        },
        async end(isAccepted) {
          if (!isCounted) return
          tally.pending--
          if (!isAccepted) add(tally, -1)
        },
      }
    },
    saved(previous, next) {
      if (isSettled(previous) || !isSettled(next)) return
      const tally = tallies.peek(next.createdBy)
      if (tally?.isRead && next.createdAt >= tally.day) tally.ms += ranMs(next) ?? 0
    },
    stop() {},
  }
}

function newTally(day: number, before: LocalTally | undefined): LocalTally {
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
