import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  JsonPastBounds,
  mostDigits,
  mostLevels,
  mostNames,
  mostValues,
  nestsTooDeep,
} from '../../../src/domain/json/bounds.ts'
import {
  canonicalJson,
  formatJson,
  isList,
  isObject,
  type Json,
  parseJson,
  parseRequest,
  sameJson,
} from '../../../src/domain/json/json.ts'

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

describe('a number that is too long', () => {
  const long = '7'.repeat(mostDigits + 1)

  it('is kept as the text it was written as, and read in no time', () => {
    const megabyte = '7'.repeat(1_000_000)
    expect(parseJson(`{"a":[1,${megabyte}],"b":-${long}}`)).toEqual({
      a: [1, megabyte],
      b: `-${long}`,
    })
    expect(parseJson('[1e400,-1.5E+999,1e308]')).toEqual(['1e400', '-1.5E+999', 1e308])
  })

  it('is refused in a request, by its place', () => {
    const refused = (text: string) => {
      try {
        return parseRequest(text)
      } catch (error) {
        return error instanceof JsonPastBounds ? { bound: error.bound, path: error.path } : error
      }
    }
    expect(refused(`{"a":[1,${long}],"b":2}`)).toEqual({ bound: 'digits', path: ['a', 1] })
    expect(refused('[1e400]')).toEqual({ bound: 'digits', path: [0] })
    expect(refused(long.slice(1))).toBe(BigInt(long.slice(1)))
    expect(refused(`"${long}"`)).toBe(long)
    expect(refused(`[${`${long.slice(1)},`.repeat(200)}1]`)).toEqual({ bound: 'values', path: [] })
  })
})

describe('a request', () => {
  it('holds so many values and names, and no more', () => {
    const list = (count: number) => `[${Array(count).fill('"a,:"').join()}]`
    const object = (count: number) =>
      `{${Array.from({ length: count }, (_, at) => `"k${at}":[]`).join()}}`
    expect(parseRequest(list(mostValues))).toHaveLength(mostValues)
    expect(() => parseRequest(list(mostValues + 1))).toThrow('too many values')
    expect(Object.keys(parseRequest(object(mostNames)) as object)).toHaveLength(mostNames)
    expect(() => parseRequest(object(mostNames + 1))).toThrow('too many names')
    expect(parseJson(object(mostNames + 1))).toBeTypeOf('object')
  })

  it('may begin with a byte order mark', () => {
    expect(parseRequest('\ufeff{"a":1}')).toEqual({ a: 1 })
    expect(parseJson('\ufeff[12345678901234567890]')).toEqual([12345678901234567890n])
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
        expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b))
      }),
    )
  })

  it('are told apart by order in a list and by type', () => {
    expect(sameJson([1, 2], [2, 1])).toBe(false)
    expect(sameJson('1', 1)).toBe(false)
    expect(sameJson(null, 0)).toBe(false)
    expect(sameJson(Object.create(null), 0n)).toBe(false)
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
    expect(() => parseJson(`[${nested(mostLevels)}]`)).toThrow(JsonPastBounds)
    expect(() => parseJson(`[${nested(mostLevels, '12345678901234567890')}]`)).toThrow(
      JsonPastBounds,
    )
    expect(() => parseJson(nested(100_000))).toThrow(SyntaxError)
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(SyntaxError)
  })

  it('is as deep as its brackets, not those in its texts', () => {
    const texts = ['['.repeat(1_000), `"${'{['.repeat(1_000)}\\`, '\\"[', ']'.repeat(1_000)]
    expect(parseJson(JSON.stringify(texts))).toEqual(texts)
    expect(parseJson(JSON.stringify(Array(2_000).fill([{}])))).toHaveLength(2_000)
    expect(() => parseJson(JSON.stringify([...texts, 0]).replace('0', nested(mostLevels)))).toThrow(
      JsonPastBounds,
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

describe('indentation', () => {
  const deep = (levels: number, inner: Json): Json =>
    levels === 0 ? inner : deep(levels - 1, [inner])

  it('is written, however deep a small value is', () => {
    const value = deep(300, 1)
    expect(formatJson(value, 2)).toBe(JSON.stringify(value, undefined, 2))
  })

  it('is left out where there would be many times as much of it as of all else', () => {
    const value = deep(490, Array(49_000).fill(1))
    expect(formatJson(value, 2)).toBe(JSON.stringify(value))
    const long = deep(490, [...Array(49_000).fill(1), 2n ** 60n])
    expect(formatJson(long, 2)).toBe(formatJson(long))
  })
})
