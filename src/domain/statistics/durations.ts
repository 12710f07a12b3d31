/**
 * Durations, counted by size: each of 96 sizes is a fifth longer than the one before. A percentile of them is off by
 * a tenth at most, and those of hours add up to those of a day.
 */
export type DurationCounts = ReadonlyMap<number, number>

/** The shortest that is told from others, in milliseconds. */
const leastMs = 10
const step = 1.2
/** The longest, in milliseconds: over four days. */
const lastSize = 95

/** The size of a duration in milliseconds, from 0. */
export function sizeOf(ms: number): number {
  if (!(ms > leastMs)) return 0
  return Math.min(lastSize, Math.ceil(Math.log(ms / leastMs) / Math.log(step)))
}

/** The middle of the durations of a size, in milliseconds. */
function middleOf(size: number): number {
  return size === 0 ? leastMs / 2 : leastMs * step ** (size - 0.5)
}

/** The duration that a share of all, from 0 to 1, do not exceed, in milliseconds; null when there are none. */
export function percentile(counts: DurationCounts, share: number): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let left = Math.max(1, Math.ceil(total * share))
  for (const [size, count] of [...counts].sort(([a], [b]) => a - b)) {
    left -= count
    if (left <= 0) return middleOf(size)
  }
  return null
}

export function addedUp(all: readonly DurationCounts[]): DurationCounts {
  const sums = new Map<number, number>()
  for (const counts of all)
    for (const [size, count] of counts) sums.set(size, (sums.get(size) ?? 0) + count)
  return sums
}
