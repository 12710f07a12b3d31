import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalJson,
  formatJson,
  isList,
  isObject,
  JsonTooDeep,
  mostLevels,
  nestsTooDeep,
  parseJson,
  sameJson,
} from '../../src/domain/json.ts'

/** Any JSON value, as it comes out of a text. */
const anyJson = fc.json().map(parseJson)

describe('long integers', () => {
  it('keep every digit, wherever they stand', () => {
    const text = '{"seed":18446744073709551615,"more":[-9007199254740993,1]}'
    expect(parseJson(text)).toEqual({ seed: 18446744073709551615n, more: [-9007199254740993n, 1] })
    expect(formatJson(parseJson(text))).toBe(text)
  })

  it('are numbers as long as a number holds them', () => {
    expect(parseJson('9007199254740991')).toBe(9007199254740991)
    expect(parseJson('9007199254740992')).toBe(9007199254740992n)
    expect(parseJson('-9007199254740991')).toBe(-9007199254740991)
  })

  it('are written and read back the same, whatever their size', () => {
    fc.assert(
      fc.property(fc.bigInt(), (integer) => {
        expect(BigInt(parseJson(formatJson(integer)) as number | bigint)).toBe(integer)
      }),
    )
  })

  it('leave long fractions, exponents and texts of digits as they are', () => {
    expect(parseJson('[0.12345678901234567890,1e21,"12345678901234567890"]')).toEqual([
      0.12345678901234568,
      1e21,
      '12345678901234567890',
    ])
  })
})

it('reads back what it wrote, on one line and on many', () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 2), (json, indent) => {
      expect(parseJson(formatJson(json, indent))).toEqual(json)
    }),
  )
})

it('keeps texts with NUL, half characters and emoji', () => {
  const text = 'a\0b\ud83dc😀'
  expect(parseJson(formatJson(text))).toBe(text)
})

it('keeps names that mean something to JavaScript', () => {
  const text = '{"__proto__":{"seed":12345678901234567890},"constructor":1}'
  expect(formatJson(parseJson(text))).toBe(text)
  expect(canonicalJson(parseJson(text))).toBe(text)
})

it('throws a SyntaxError for what is not JSON', () => {
  expect(() => parseJson('{"seed": 12345678901234567890')).toThrow(SyntaxError)
  expect(() => parseJson('nope')).toThrow(SyntaxError)
})

describe('equal values', () => {
  it('have one canonical text, whatever the order of their names', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
    expect(sameJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  })

  it('are the same, and others are not', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        expect(sameJson(a, structuredClone(a))).toBe(true)
        expect(sameJson(a, [a])).toBe(false)
        expect(sameJson(a, b)).toBe(sameJson(b, a))
      }),
    )
  })

  it('are told apart by order in a list and by type', () => {
    expect(sameJson([1, 2], [2, 1])).toBe(false)
    expect(sameJson('1', 1)).toBe(false)
    expect(sameJson(null, 0)).toBe(false)
  })
})

it('tells lists, objects and the rest apart', () => {
  expect([[], {}, null, 'a', 1n, undefined].map((json) => [isList(json), isObject(json)])).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
    [false, false],
    [false, false],
  ])
})

describe('a text that nests', () => {
  const nested = (levels: number, core = '') =>
    '[{"a":'.repeat(levels / 2) + (core || 'null') + '}]'.repeat(levels / 2)

  it('is read as deep as may be, and refused one level deeper', () => {
    expect(formatJson(parseJson(nested(mostLevels)))).toBe(nested(mostLevels))
    expect(() => parseJson(`[${nested(mostLevels)}]`)).toThrow(JsonTooDeep)
    expect(() => parseJson(`[${nested(mostLevels, '12345678901234567890')}]`)).toThrow(JsonTooDeep)
    expect(() => parseJson(nested(100_000))).toThrow(SyntaxError)
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(SyntaxError)
  })

  it('is as deep as its brackets, not those in its texts', () => {
    const texts = ['['.repeat(1_000), `"${'{['.repeat(1_000)}\\`, '\\"[', ']'.repeat(1_000)]
    expect(parseJson(JSON.stringify(texts))).toEqual(texts)
    expect(parseJson(JSON.stringify(Array(2_000).fill([{}])))).toHaveLength(2_000)
    expect(() => parseJson(JSON.stringify([...texts, 0]).replace('0', nested(mostLevels)))).toThrow(
      JsonTooDeep,
    )
  })

  it('is told from one that does not, as a value too', () => {
    expect(nestsTooDeep(parseJson(nested(mostLevels)))).toBe(false)
    expect(nestsTooDeep(JSON.parse(nested(mostLevels + 2)))).toBe(true)
    expect(nestsTooDeep(JSON.parse(nested(200_000)))).toBe(true)
    const circle: Record<string, unknown> = {}
    circle.again = [circle, circle]
    expect(nestsTooDeep(circle)).toBe(true)
  })

  it('leaves stack to spare for what is done with it', () => {
    const twice = JSON.parse(nested(2 * mostLevels))
    expect(sameJson(twice, structuredClone(twice))).toBe(true)
    expect(canonicalJson(twice)).toBe(formatJson(twice))
  })
})
