import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/domain/json/json.ts'
import { changed, Misfit } from '../../../../src/providers/gradio/run/changes.ts'

describe('changes of an output', () => {
  it.each<[string, Json, Json, Json]>([
    ['append to a text', 'one', [['append', [], ' two']], 'one two'],
    ['replace a value', 'one', [['replace', [], { a: 1 }]], { a: 1 }],
    ['append within', { a: ['x'] }, [['append', ['a', 0], 'y']], { a: ['xy'] }],
    ['add to a list', [1, 3], [['add', [1], 2]], [1, 2, 3]],
    ['add at its end', [1], [['add', [1], 2]], [1, 2]],
    [
      'delete one after another',
      [1, 2, 3],
      [
        ['delete', [1], null],
        ['delete', [1], null],
      ],
      [1],
    ],
    ['add a member', {}, [['add', ['a'], 1]], { a: 1 }],
    ['delete a member', { a: 1, b: 2 }, [['delete', ['a'], null]], { b: 2 }],
    ['are none', 'same', [], 'same'],
  ])('%s', (_name, value, changes, expected) => {
    expect(changed(value, changes)).toEqual(expected)
  })

  it.each<[string, Json, Json]>([
    ['a number', 1, [['append', [], 2]]],
    ['nothing', {}, [['append', ['a'], 'x']]],
    ['a prototype', {}, [['replace', ['__proto__'], {}]]],
    ['what is behind a prototype', {}, [['replace', ['__proto__', 'a'], {}]]],
    ['a place far away', [], [['replace', [5], 'x']]],
    ['a text by an index', 'abc', [['replace', [0], 'x']]],
    ['by an unknown operation', [1], [['swap', [0], 1]]],
    ['by no list', [1], 'all'],
    ['very often', [], Array.from({ length: 1_001 }, () => ['add', [0], 1])],
    [
      'a long list at its beginning',
      Array.from({ length: 900_000 }, () => 0),
      Array.from({ length: 3 }, () => ['add', [0], 1]),
    ],
  ])('never change %s', (_name, value, changes) => {
    expect(() => changed(value, changes)).toThrow(Misfit)
  })
})
