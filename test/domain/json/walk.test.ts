import { describe, expect, it } from 'vitest'
import { type Json, parseJson } from '../../../src/domain/json/json.ts'
import { mapLeaves, mapStrings, someValue, stringsIn } from '../../../src/domain/json/walk.ts'

const value = parseJson('{"a":"one","b":[1,"two",{"c":"three"}],"d":null,"e":{},"f":"four"}')

describe('values within JSON', () => {
  it('come in the order of the text, with their levels', () => {
    const seen: [Json, number][] = []
    someValue(['a', ['b'], [], 'c'], (json, level) => {
      seen.push([json, level])
      return false
    })
    expect(seen).toEqual([
      [['a', ['b'], [], 'c'], 0],
      ['a', 1],
      [['b'], 1],
      ['b', 2],
      [[], 1],
      ['c', 1],
    ])
  })

  it('are looked at until one is found', () => {
    let looks = 0
    expect(someValue(value, (json) => ++looks > 0 && json === 1)).toBe(true)
    expect(looks).toBe(4)
    expect(someValue(value, (json) => json === 2)).toBe(false)
  })

  it('may be any number of levels down', () => {
    let deep: Json = 'x'
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(someValue(deep, (json) => json === 'x')).toBe(true)
  })
})

it('finds every text, and no name', () => {
  expect(stringsIn(value)).toEqual(['one', 'two', 'three', 'four'])
  expect(stringsIn('one')).toEqual(['one'])
  expect(stringsIn(7)).toEqual([])
})

it('puts other values in place of texts', () => {
  expect(mapStrings(value, (text) => text.length)).toEqual({
    a: 3,
    b: [1, 3, { c: 5 }],
    d: null,
    e: {},
    f: 4,
  })
})

it('puts other values in place of all that hold none', () => {
  expect(mapLeaves([1, [null], { a: 2n }], (leaf) => typeof leaf)).toEqual([
    'number',
    ['object'],
    { a: 'bigint' },
  ])
})

it('keeps a name that would set the prototype', () => {
  const named = mapStrings(parseJson('{"__proto__":"x"}'), (text) => `${text}y`)
  expect(Object.entries(named as object)).toEqual([['__proto__', 'xy']])
})
