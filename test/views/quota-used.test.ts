import { expect, it } from 'vitest'
import { noQuota, type Quota } from '../../src/domain/people/quota.ts'
import { usedText } from '../../views/form/quota-used.tsx'

const used = { runsToday: 12, msToday: 40 * 60_000, waiting: 0 }
const cases: readonly [Partial<Quota>, number, string][] = [
  [{}, 0, ''],
  [{ running: 1, perMinute: 3 }, 1, ' · 1 of yours waits'],
  [{ perDay: 50 }, 2, ' · 12 of 50 runs today · 2 of yours wait'],
  [{ secondsPerDay: 7_200 }, 0, ' · 40 min of 2 h of model time today'],
  [{ perDay: 50, secondsPerDay: 7_200 }, 0, ' · 40 min of 2 h of model time today'],
  [{ perDay: 15, secondsPerDay: 7_200 }, 0, ' · 12 of 15 runs today'],
]

it.each(cases)('of %j, with %d that wait, it is said %j', (quota, waiting, text) => {
  expect(usedText({ ...noQuota, ...quota }, { ...used, waiting })).toBe(text)
})
