import { expect, it } from 'vitest'
import { type Expected, runEstimate } from '../../views/form/run-bar.tsx'

const known = { typicalMs: 4_000, isCold: false, bootMs: null, ahead: 0 }

it.each<[Expected, string]>([
  [known, ', about 4 s'],
  [{ ...known, ahead: 3 }, ', about 4 s · 3 before you'],
  [{ ...known, typicalMs: null }, ''],
  [{ ...known, typicalMs: null, ahead: 1 }, ' · 1 before you'],
  [{ ...known, isCold: true }, ', slower to start'],
  [{ ...known, isCold: true, bootMs: 36_000 }, ', first run takes about 40 s'],
])('says of %j: %s', (expected, words) => {
  expect(runEstimate(expected)).toBe(words)
})
