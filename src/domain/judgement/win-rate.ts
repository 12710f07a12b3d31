/** A part of choices that were won. Each number is from 0 to 1. */
export interface WinRate {
  readonly rate: number
  /** The bounds between which the true rate is in 95 of 100 cases. */
  readonly low: number
  readonly high: number
}

/** Of a normal distribution, so many standard deviations hold 95 % of it. */
const z = 1.96

/** The rate with its Wilson score interval, which holds for few choices, too; null without any. */
export function winRate(won: number, of: number): WinRate | null {
  if (of === 0) return null
  const rate = won / of
  const scale = 1 + z ** 2 / of
  const centre = (rate + z ** 2 / (2 * of)) / scale
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2))
  return { rate, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) }
}
