import { describe, expect, it } from 'vitest'
import { momentIn } from '../../src/domain/moment.ts'

const noon = Date.UTC(2026, 1, 3, 12)

describe('a moment', () => {
  it.each([
    '2026-02-03T12:00:00Z',
    '2026-02-03t12:00:00z',
    '2026-02-03T12:00Z',
    '2026-02-03T12:00',
    '2026-02-03 12:00:00',
    '2026-02-03 12:00:00.000000+00:00',
    '2026-02-03T14:00:00+02:00',
    '2026-02-03T14:00:00 02:00',
    '2026-02-03T14:00:00+0200',
    '2026-02-03T07:00:00.000-05:00',
  ])('is read of %s', (text) => {
    expect(momentIn(text)).toBe(noon)
  })

  it('of a date alone is its midnight', () => {
    expect(momentIn('2026-02-03')).toBe(Date.UTC(2026, 1, 3))
    expect(momentIn('2024-02-29')).toBe(Date.UTC(2024, 1, 29))
  })

  it('keeps the milliseconds of finer times', () => {
    expect(momentIn('2026-02-03T12:00:00.123456Z')).toBe(noon + 123)
  })

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-02',
    '2026-02-30',
    '2026-13-01',
    '20260203',
    '2026-02-03T12',
    '2026-02-03T25:00:00Z',
    '2026-02-03T12:61:00Z',
    '2026-02-03T12:00:00+25:00',
    '1767225600',
  ])('is not in %j', (text) => {
    expect(momentIn(text)).toBeNull()
  })
})
