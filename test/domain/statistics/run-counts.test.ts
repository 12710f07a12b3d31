import { describe, expect, it } from 'vitest'
import { addedUp, percentile, sizeOf } from '../../../src/domain/statistics/durations.ts'
import {
  countedRun,
  filledUp,
  hourMs,
  successRate,
  together,
} from '../../../src/domain/statistics/run-counts.ts'
import { predictionOf } from '../../support/domain.ts'

function counted(durations: readonly number[]) {
  return addedUp(durations.map((ms) => new Map([[sizeOf(ms), 1]])))
}

describe('durations', () => {
  it.each([12, 100, 999, 5_000, 86_400_000])('are known to a tenth: %d ms', (ms) => {
    const middle = percentile(counted([ms]), 0.5) ?? 0
    expect(Math.abs(middle - ms) / ms).toBeLessThan(0.1)
  })

  it.each([-5, 0, 3, Number.NaN])('of next to nothing are of one size: %d', (ms) => {
    expect(sizeOf(ms)).toBe(0)
  })

  it('of a year are of the last size', () => {
    expect(sizeOf(365 * 86_400_000)).toBe(95)
  })

  it('have percentiles, of hours and of a day alike', () => {
    const morning = counted(Array.from({ length: 90 }, () => 1_000))
    const evening = counted(Array.from({ length: 10 }, () => 60_000))
    const day = addedUp([morning, evening])
    expect(percentile(day, 0.5)).toBe(percentile(morning, 0.5))
    expect(percentile(day, 0.95)).toBe(percentile(evening, 0.5))
    expect(percentile(new Map(), 0.5)).toBeNull()
  })
})

describe('a run', () => {
  const at = 10 * hourMs
  const ended = { createdAt: at, startedAt: at + 2_000, completedAt: at + hourMs + 5_000 }

  it('is counted in the hour in which it ended', () => {
    expect(countedRun(predictionOf({ ...ended, status: 'succeeded' }))).toEqual({
      hour: at + hourMs,
      end: 'succeeded',
      waited: sizeOf(2_000),
      ran: sizeOf(hourMs + 3_000),
    })
  })

  it('that failed has no run time, and one that never began no wait', () => {
    expect(countedRun(predictionOf({ ...ended, status: 'failed' }))).toMatchObject({ ran: null })
    expect(
      countedRun(predictionOf({ ...ended, startedAt: null, status: 'aborted' })),
    ).toMatchObject({ end: 'canceled', waited: null, ran: null })
  })

  it('is not counted before it ended', () => {
    expect(countedRun(predictionOf({ status: 'processing', completedAt: null }))).toBeNull()
  })
})

describe('counts', () => {
  const none = together([])

  it('add up, and say which share succeeded of those that were not canceled', () => {
    const one = { ...none, ends: { succeeded: 3, failed: 1, canceled: 6 } }
    const both = together([one, one])
    expect(both.ends).toEqual({ succeeded: 6, failed: 2, canceled: 12 })
    expect([successRate(both), successRate(none)]).toEqual([0.75, null])
  })

  it('stand in a row without gaps, up to now', () => {
    const found = [{ ...none, at: 8 * hourMs }]
    const row = filledUp(found, { now: 9 * hourMs + 5, stepMs: hourMs, steps: 3 })
    expect(row.map(({ at }) => at / hourMs)).toEqual([7, 8, 9])
    expect(row[1]).toBe(found[0])
  })
})
