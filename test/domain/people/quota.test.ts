import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  effectiveQuota,
  noQuota,
  type OwnQuota,
  parseQuota,
  quotaTexts,
  readQuota,
} from '../../../src/domain/people/quota.ts'
import { quotaAdvice, quotaHeading, spanText } from '../../../src/domain/people/quota-words.ts'
import { endOfDay, exceededBy, restOf, startOfDay } from '../../../src/domain/people/usage.ts'

describe('limits as text', () => {
  it('are read by their names', () => {
    expect(parseQuota('running:2, waiting:20,minute:30,day:200,time:2h')).toEqual({
      ok: true,
      quota: { running: 2, waiting: 20, perMinute: 30, perDay: 200, secondsPerDay: 7_200 },
    })
    expect(parseQuota('day:off')).toEqual({ ok: true, quota: { perDay: null } })
  })

  it.each([
    ['', /^ must be one of running:2/],
    ['runs:5', /^runs:5 must be one of/],
    ['day', /^day must be one of/],
    ['day:1,day:2', /^day:2 must be one of/],
    ['day:0', /^day must be a whole number from 1, or off$/],
    ['day:-1', /^day must be a whole number/],
    ['day:2h', /^day must be a whole number/],
    ['day:99999999999', /^day must be a whole number/],
    ['time:120', /^time must be a time such as 2h or 90m, or off$/],
    ['time:0s', /^time must be a time/],
  ])('%j is refused', (text, problem) => {
    expect(parseQuota(text)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) })
  })

  it('are shown as they are read', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: null })
    const limits = fc.record(
      { running: limit, waiting: limit, perMinute: limit, perDay: limit, secondsPerDay: limit },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(limits, (quota: OwnQuota) => {
        const read = readQuota(quotaTexts(quota))
        expect(read).toEqual({ ok: true, quota: Object.keys(quota).length === 0 ? null : quota })
      }),
    )
  })

  it('say which field of a form is wrong', () => {
    expect(readQuota({ day: '200', time: 'long' })).toEqual({
      ok: false,
      field: 'time',
      problem: 'Must be a time such as 2h or 90m, or off.',
    })
    expect(readQuota({ day: ' ' })).toEqual({ ok: true, quota: null })
  })
})

describe('the limits of a person', () => {
  const ofRole = { ...noQuota, perDay: 50, running: 2 }

  it('are those of their role where they have none of their own', () => {
    expect(effectiveQuota(ofRole, null)).toEqual(ofRole)
    expect(effectiveQuota(ofRole, { perDay: 200 })).toEqual({ ...ofRole, perDay: 200 })
    expect(effectiveQuota(ofRole, { perDay: null })).toEqual({ ...ofRole, perDay: null })
    expect(effectiveQuota(null, { perDay: 5 })).toEqual({ ...noQuota, perDay: 5 })
  })

  it('are none when each is lifted', () => {
    expect(effectiveQuota(null, null)).toBeNull()
    expect(effectiveQuota(ofRole, { perDay: null, running: null })).toBeNull()
  })
})

describe('a limit that is used up', () => {
  const noon = Date.UTC(2026, 0, 1, 12)
  const quota = { ...noQuota, perMinute: 3, perDay: 5, waiting: 2, secondsPerDay: 60 }
  const usage = {
    runsToday: 0,
    msToday: 0,
    runsInMinute: 0,
    waiting: 0,
    minuteEnds: noon + 10_000,
    dayEnds: endOfDay(noon),
  }

  it('is the one that lasts longest', () => {
    expect(exceededBy(quota, usage)).toBeNull()
    const all = { runsToday: 5, msToday: 60_000, runsInMinute: 3, waiting: 2 }
    expect(exceededBy(quota, { ...usage, ...all })?.limit).toBe('perDay')
    expect(exceededBy(quota, { ...usage, ...all, runsToday: 4 })?.limit).toBe('secondsPerDay')
    expect(exceededBy(quota, { ...usage, runsInMinute: 3, waiting: 2 })?.limit).toBe('perMinute')
    expect(exceededBy(quota, { ...usage, waiting: 2 })).toEqual({
      limit: 'waiting',
      most: 2,
      until: null,
    })
    expect(exceededBy(noQuota, { ...usage, ...all })).toBeNull()
  })

  it('is told in time: the tightest is what is left', () => {
    expect(restOf(quota, { ...usage, runsToday: 3 })).toMatchObject({ most: 5, rest: 2 })
    expect(restOf(quota, { ...usage, runsInMinute: 2 })).toMatchObject({ most: 3, rest: 1 })
    expect(restOf(quota, { ...usage, runsToday: 9 })).toMatchObject({ rest: 0 })
    expect(restOf({ ...noQuota, waiting: 2 }, usage)).toBeNull()
  })

  it('is named, with when there is more', () => {
    const day = { limit: 'perDay', most: 50, until: noon + 6.2 * 3_600_000 } as const
    expect(quotaHeading(day)).toBe('All 50 runs of today are used')
    expect(quotaAdvice(day, noon)).toBe('More from midnight UTC, in 6 h 12 min.')
    expect(quotaHeading({ ...day, limit: 'secondsPerDay', most: 7_200 })).toBe(
      'All 2 h of model time of today are used',
    )
    expect(quotaHeading({ ...day, limit: 'waiting', most: 1 })).toBe('One of yours waits already')
    expect(quotaAdvice({ limit: 'waiting', most: 1, until: null }, noon)).toBe(
      'More when one of them has started.',
    )
  })

  it('counts a day from midnight UTC', () => {
    expect(startOfDay(noon)).toBe(Date.UTC(2026, 0, 1))
    expect(endOfDay(Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 2))
  })
})

it.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3_599, '59 min'],
  [7_200, '2 h'],
  [22_320, '6 h 12 min'],
])('%d s are %s', (seconds, text) => {
  expect(spanText(seconds)).toBe(text)
})
