import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { expect, it } from 'vitest'
import { coverPattern } from '../../../src/domain/model/cover-pattern.ts'

/** Every element is closed and every attribute quoted, as XML requires. */
const wellFormed = /^(?:<(?:[a-z]+)(?: [a-zA-Z-]+="[^"<>&]*")*\/?>|<\/[a-z]+>)+$/

it('draws the same small picture for a name, whatever the name is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const drawn = coverPattern(name)
      expect(Buffer.byteLength(drawn)).toBeLessThanOrEqual(1_024)
      expect(drawn).toBe(coverPattern(name))
      expect(drawn).toMatch(wellFormed)
      expect(parseFragment(drawn).childNodes).toHaveLength(1)
    }),
    { numRuns: 2_000 },
  )
})

it('draws hostile names as any other', () => {
  for (const name of ['', '"/><script>', '\0', '\ud800', 'a'.repeat(100_000)])
    expect(coverPattern(name)).toMatch(wellFormed)
})

it('differs from name to name, in every palette and motif', () => {
  const drawn = Array.from({ length: 300 }, (_, index) => coverPattern(`ann/model-${index}`))
  expect(new Set(drawn).size).toBe(300)
  const grounds = drawn.map((text) => /fill="(#\w+)"/.exec(text)?.[1])
  expect(new Set(grounds).size).toBe(6)
  for (const motif of [' opacity=', ' stroke-width=', 'v7h8v-7'])
    expect(drawn.filter((text) => text.includes(motif)).length).toBeGreaterThan(60)
})
