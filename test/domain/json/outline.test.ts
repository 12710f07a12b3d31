import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/domain/json/json.ts'
import { type OutlinePart, outlineOf } from '../../../src/domain/json/outline.ts'

function textOf(parts: readonly OutlinePart[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : part.head + textOf(part.parts) + part.tail))
    .join('')
}

const shown = (value: Json, bytes = 100_000) => textOf(outlineOf(value, bytes).parts)

describe('an outline', () => {
  it('is the JSON itself, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const { parts, cut } = outlineOf(value as Json, 1_000_000)
        expect(cut).toBe(false)
        expect(JSON.parse(textOf(parts))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('keeps short values in one line and folds the others', () => {
    expect(shown({ size: [3, 3], box: { x: 1 }, tags: ['a'.repeat(80)] })).toBe(
      `{\n  "size": [3, 3],\n  "box": {"x": 1},\n  "tags": [\n    "${'a'.repeat(80)}"\n  ]\n}\n`,
    )
  })

  it('loses no digit', () => {
    expect(shown([12345678901234567890n])).toBe('[12345678901234567890]\n')
  })

  it('writes what turns the direction of text as an escape', () => {
    expect(shown({ '\u202Etxt': 'a\u2066b' })).toBe('{"\\u202etxt": "a\\u2066b"}\n')
  })

  it.each([
    ['many items', Array.from({ length: 100_000 }, (_, index) => ({ index, text: '<&">' }))],
    ['many numbers', Array.from({ length: 100_000 }, (_, index) => index / 7)],
    ['long texts', Array.from({ length: 1_000 }, () => '"'.repeat(100_000))],
    ['long names', Object.fromEntries([['x'.repeat(1_000_000), 1]])],
  ])('takes no more than its room: %s', (_, value) => {
    const { parts, cut } = outlineOf(value as Json, 10_000)
    expect(cut).toBe(true)
    expect(textOf(parts).length).toBeLessThan(16_000)
  })

  it('ends at a depth that a page can show', () => {
    let deep: Json = []
    for (let level = 0; level < 10_000; level++) deep = [deep]
    const { parts, cut } = outlineOf(deep, 100_000)
    expect(cut).toBe(true)
    expect(textOf(parts)).toContain('[…]')
  })
})
