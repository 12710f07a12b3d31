import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatJson, parseJson } from '../../../src/domain/json/json.ts'
import { jsonLength, jsonReadCost } from '../../../src/domain/json/walk.ts'

it('grows with the text of a value, and never says much less', () => {
  fc.assert(
    fc.property(fc.json().map(parseJson), (json) => {
      const text = formatJson(json).length
      expect(jsonLength(json, Infinity)).toBeGreaterThan(text / 15)
      expect(jsonLength(json, Infinity)).toBeLessThan(4 * text + 8)
    }),
  )
})

it('counts no further than it is asked to', () => {
  const once = Array.from({ length: 1_000 }, () => 'x'.repeat(1_000))
  expect(jsonLength(once, 5_000)).toBeGreaterThan(5_000)
  expect(jsonLength(once, 5_000)).toBeLessThan(7_000)
})

it('takes an object with very many names for large', () => {
  const named = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]))
  expect(jsonReadCost([named(10_000)], Infinity)).toBeLessThan(2 ** 18)
  expect(jsonReadCost([named(10_001)], Infinity)).toBeGreaterThan(2 ** 20)
})
