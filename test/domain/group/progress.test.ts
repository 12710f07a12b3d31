import { describe, expect, it } from 'vitest'
import { progressOf } from '../../../src/domain/group/progress.ts'

describe('how far a group is', () => {
  it.each([
    ['as it is planned', { made: {}, planned: 3, refused: 0 }, { all: 3, planned: 3, done: 0 }],
    [
      'when a run was just made, and its plan is not removed yet',
      { made: { starting: 1, succeeded: 1 }, planned: 2, refused: 0 },
      { all: 3, planned: 1, done: 1, unsettled: 1 },
    ],
    [
      'when one of its runs was deleted',
      { made: { succeeded: 1 }, planned: 1, refused: 0 },
      { all: 2, planned: 1, done: 1 },
    ],
    [
      'when a run could not be made',
      { made: { failed: 1, canceled: 1 }, planned: 0, refused: 1 },
      { all: 3, planned: 0, done: 3, failed: 2, again: 2 },
    ],
  ])('%s', (_, counts, expected) => {
    expect(progressOf({ size: 3 }, counts)).toMatchObject(expected)
  })
})
