import type { Exceeded } from './usage.ts'

/** Says which limit is used up: `All 50 runs of today are used`. */
export function quotaHeading({ limit, most }: Exceeded): string {
  switch (limit) {
    case 'perDay':
      return most === 1 ? 'The one run of today is used' : `All ${most} runs of today are used`
    case 'secondsPerDay':
      return `All ${spanText(most)} of model time of today are used`
    case 'perMinute':
      return most === 1
        ? 'The one run of this minute is used'
        : `All ${most} runs of this minute are used`
    case 'waiting':
      return most === 1 ? 'One of yours waits already' : `${most} of yours wait already`
  }
}

/** Says when there is more: `More from midnight UTC, in 6 h 12 min.` */
export function quotaAdvice({ limit, until }: Exceeded, now: number): string {
  if (until === null) return 'More when one of them has started.'
  const left = spanText(secondsUntil(until, now))
  return limit === 'perMinute' ? `More in ${left}.` : `More from midnight UTC, in ${left}.`
}

/** One sentence that holds whenever it is read. */
export function quotaSentence(exceeded: Exceeded): string {
  const isOfDay = exceeded.limit === 'perDay' || exceeded.limit === 'secondsPerDay'
  return `${quotaHeading(exceeded)}${isOfDay ? ', until midnight UTC' : ''}.`
}

/** Whole seconds until a moment, from 1. */
export function secondsUntil(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000))
}

/** A time of whole seconds as people say it: `6 h 12 min`, `2 h`, `40 s`. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`
}
