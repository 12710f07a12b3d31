import { describe, expect, it } from 'vitest'
import {
  isFailing,
  noFailures,
  notBefore,
  notBeforeForRuns,
  withFailure,
} from '../../../src/domain/instance/back-off.ts'

const minute = 60_000

/** Failures at these moments. */
const failing = (...moments: readonly number[]) =>
  moments.reduce(
    (before, at) => withFailure(before, { at, sentence: 'It ended.', logs: '' }),
    noFailures,
  )

describe('after failures in a row', () => {
  it('the next instance is started later each time', () => {
    expect(notBefore(noFailures)).toBe(0)
    const moments = [1, 2, 3, 4, 5, 6].map((at) => at * 1_000)
    const pauses = moments.map((at, index) => {
      const failures = failing(...moments.slice(0, index + 1))
      expect(failures.recent[0]?.notBefore).toBe(notBefore(failures))
      return notBefore(failures) - at
    })
    expect(pauses).toEqual([1_000, 5_000, 30_000, 2 * minute, 10 * minute, 10 * minute])
  })

  it('runs fail at once for ten minutes from the first of three', () => {
    const twice = failing(1_000, 2_000)
    expect(isFailing(twice, 2_000)).toBe(false)
    expect(notBeforeForRuns(twice)).toBe(notBefore(twice))
    const thrice = failing(1_000, 2_000, 8_000)
    expect(notBeforeForRuns(thrice)).toBe(1_000 + 10 * minute)
    expect(isFailing(thrice, 1_000 + 10 * minute)).toBe(true)
    expect(isFailing(thrice, 1_001 + 10 * minute)).toBe(false)
  })

  it('runs have the next one started as late as all others, where that is later', () => {
    const slow = failing(0, 9 * minute, 9.5 * minute, 10 * minute)
    expect(notBeforeForRuns(slow)).toBe(19 * minute)
    expect(notBeforeForRuns(failing(0, 1, 2, 9 * minute, 9.9 * minute))).toBe(19.9 * minute)
  })
})
