import { expect, it } from 'vitest'
import { tokenFigures } from '../../../src/domain/prediction/token-figures.ts'

it('reads the tokens of a run from its metrics', () => {
  const metrics = {
    input_token_count: 1204n,
    output_token_count: 31,
    tokens_per_second: 48.24,
    time_to_first_token: 0.21,
  }
  expect(tokenFigures(metrics)).toEqual({
    tokens: '1,204 + 31',
    tokensPerSecond: 48.2,
    firstTokenMs: 210,
  })
})

it('says nothing of what is not known, or is no number', () => {
  const nothing = { tokens: '', tokensPerSecond: null, firstTokenMs: null }
  expect(tokenFigures({})).toEqual(nothing)
  expect(tokenFigures({ output_token_count: 'many', tokens_per_second: 0 })).toEqual(nothing)
  expect(tokenFigures({ output_token_count: 7 }).tokens).toBe('7')
})
