import { expect, it } from 'vitest'
import { formatAbout, formatBytes } from '../../views/format.tsx'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [1024, '1.0 KB'],
  [1_500, '1.5 KB'],
  [10 * 1024 - 1, '10 KB'],
  [999.4 * 1024, '999 KB'],
  [999.9 * 1024, '1.0 MB'],
  [1.94 * 2 ** 20, '1.9 MB'],
  [9.96 * 2 ** 20, '10 MB'],
  [100 * 2 ** 20, '100 MB'],
  [1500 * 2 ** 30, '1500 GB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [40, 'under 1 s'],
  [1_400, 'about 1 s'],
  [12_300, 'about 12 s'],
  [41_000, 'about 40 s'],
  [58_000, 'about 1 min'],
  [71_000, 'about 1 min 10 s'],
  [599_000, 'about 10 min'],
  [3_600_000, 'about 60 min'],
  [9_000_000, 'about 3 h'],
])('estimates %d ms as %s', (milliseconds, text) => {
  expect(formatAbout(milliseconds)).toBe(text)
})

it('stands alone, so that scripts have it from its source', () => {
  const alone: unknown = new Function(`return (${formatBytes})(412 * 1024)`)()
  expect(alone).toBe('412 KB')
})
