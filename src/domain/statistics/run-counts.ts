import { ranMs, waitedMs } from '../prediction/durations.ts'
import { isSettled, type Prediction, type Status } from '../prediction/prediction.ts'
import { addedUp, type DurationCounts, sizeOf } from './durations.ts'

export const hourMs = 3_600_000

/** How a run ended, as it is counted: `aborted` ones, which never began, with those that were canceled. */
export type CountedEnd = 'succeeded' | 'failed' | 'canceled'

/** The runs of a model that ended in a time. */
export interface RunCounts {
  readonly ends: Readonly<Record<CountedEnd, number>>
  /** How long those waited that began, and how long those ran that succeeded. */
  readonly waited: DurationCounts
  readonly ran: DurationCounts
}

/** The runs of a time that begins at `at`, in milliseconds since 1970. */
export interface TimedCounts extends RunCounts {
  readonly at: number
}

/** One run that ended, as it adds to the counts of its hour. */
export interface CountedRun {
  /** The hour in which it ended: its beginning, in milliseconds since 1970. */
  readonly hour: number
  readonly end: CountedEnd
  /** Sizes of durations; null where there is none. */
  readonly waited: number | null
  readonly ran: number | null
}

const ends: Readonly<Partial<Record<Status, CountedEnd>>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  aborted: 'canceled',
}

/** How a run is counted; null while it has not ended. */
export function countedRun(prediction: Prediction): CountedRun | null {
  const { status, completedAt, startedAt } = prediction
  const end = ends[status]
  if (!isSettled(prediction) || completedAt === null || end === undefined) return null
  const waited = startedAt === null ? null : waitedMs(prediction)
  const ran = end === 'succeeded' ? ranMs(prediction) : null
  return {
    hour: completedAt - (completedAt % hourMs),
    end,
    waited: waited === null ? null : sizeOf(waited),
    ran: ran === null ? null : sizeOf(ran),
  }
}

/** The counts of several times together. */
export function together(all: readonly RunCounts[]): RunCounts {
  const sum = (end: CountedEnd) => all.reduce((total, one) => total + one.ends[end], 0)
  return {
    ends: { succeeded: sum('succeeded'), failed: sum('failed'), canceled: sum('canceled') },
    waited: addedUp(all.map(({ waited }) => waited)),
    ran: addedUp(all.map(({ ran }) => ran)),
  }
}

/** So many runs that are counted alike, as the counts of their time. */
export function countsOf(
  { hour, end, waited, ran, count }: CountedRun & { readonly count: number },
  stepMs: number,
): TimedCounts {
  const sized = (size: number | null) => new Map(size === null ? [] : [[size, count]])
  const ended = { succeeded: 0, failed: 0, canceled: 0, [end]: count }
  return { at: hour - (hour % stepMs), ends: ended, waited: sized(waited), ran: sized(ran) }
}

/** The counts of each time together, in the order of their times. */
export function byTime(all: readonly TimedCounts[]): readonly TimedCounts[] {
  return [...Map.groupBy(all, ({ at }) => at)]
    .sort(([a], [b]) => a - b)
    .map(([at, counts]) => ({ ...together(counts), at }))
}

/** How many of the runs that came to an end of their own succeeded, from 0 to 1; null when there were none. */
export function successRate({ ends: { succeeded, failed } }: RunCounts): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed)
}

const none: RunCounts = together([])

/** A row of times without gaps, the last of which has `now` in it. */
export function filledUp(
  found: readonly TimedCounts[],
  { now, stepMs, steps }: { readonly now: number; readonly stepMs: number; readonly steps: number },
): readonly TimedCounts[] {
  const known = new Map(found.map((one) => [one.at, one]))
  const last = now - (now % stepMs)
  return Array.from({ length: steps }, (_, index) => {
    const at = last - (steps - 1 - index) * stepMs
    return known.get(at) ?? { ...none, at }
  })
}
