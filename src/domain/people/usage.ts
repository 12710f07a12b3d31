import type { Quota } from './quota.ts'

/** The part of their quota that a person has used. */
export interface Usage {
  /** Predictions accepted since midnight UTC. */
  readonly runsToday: number
  /** Milliseconds that models worked on them. */
  readonly msToday: number
  /** Predictions accepted in the minute that runs, which ends at `minuteEnds`. */
  readonly runsInMinute: number
  /** Milliseconds since 1970, as is `dayEnds`. */
  readonly minuteEnds: number
  readonly dayEnds: number
  /** Predictions that wait now. */
  readonly waiting: number
}

/** The limits that refuse a prediction. */
export type RefusingLimit = Exclude<keyof Quota, 'running'>

/** A limit that is used up. */
export interface Exceeded {
  readonly limit: RefusingLimit
  readonly most: number
  /** When there is more, in milliseconds since 1970; null when that is not known. */
  readonly until: number | null
}

const dayMs = 24 * 60 * 60_000

/** Midnight UTC before a moment, in milliseconds since 1970. */
export function startOfDay(at: number): number {
  return at - (at % dayMs)
}

export function endOfDay(at: number): number {
  return startOfDay(at) + dayMs
}

/** The limit that is used up, the one that lasts longest first; null when one more may run. */
export function exceededBy(quota: Quota, usage: Usage): Exceeded | null {
  return rests(quota, usage).find(({ rest }) => rest <= 0)?.exceeded ?? null
}

/** How many more predictions may be accepted, by the tightest limit that counts them; null without one. */
export function restOf(
  quota: Quota,
  usage: Usage,
): { readonly most: number; readonly rest: number; readonly until: number } | null {
  const counted = rests(quota, usage).flatMap(({ exceeded: { limit, most, until }, rest }) =>
    limit === 'secondsPerDay' || until === null ? [] : [{ most, rest: Math.max(0, rest), until }],
  )
  return counted.sort((one, other) => one.rest - other.rest)[0] ?? null
}

function rests({ waiting, perMinute, perDay, secondsPerDay }: Quota, usage: Usage) {
  const { dayEnds, minuteEnds } = usage
  return [
    rest('perDay', perDay, usage.runsToday, dayEnds),
    rest('secondsPerDay', secondsPerDay, usage.msToday / 1000, dayEnds),
    rest('perMinute', perMinute, usage.runsInMinute, minuteEnds),
    rest('waiting', waiting, usage.waiting, null),
  ].filter((one) => one !== null)
}

function rest(limit: RefusingLimit, most: number | null, used: number, until: number | null) {
  return most === null ? null : { exceeded: { limit, most, until }, rest: most - used }
}
