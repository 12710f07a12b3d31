import { expect, it } from 'vitest'
import { contextShare, tokenFigures } from '../../../src/domain/prediction/token-figures.ts'

it('reads the tokens of a run from its metrics', () => {
  const metrics = {
    input_token_count: 1204n,
    output_token_count: 31,
    reasoning_token_count: 14,
    tokens_per_second: 48.24,
    time_to_first_token: 0.21,
    reasoning_time: 3.2,
    context_token_limit: 8192,
  }
  expect(tokenFigures(metrics)).toEqual({
    tokens: '1,204 + 31',
    tokensPerSecond: 48.2,
    firstTokenMs: 210,
    reasoning: { ms: 3200, tokens: 14 },
    context: { used: 1235, most: 8192, isNearlyFull: false },
  })
})

it('says nothing of what is not known, or is no number', () => {
  const nothing = {
    tokens: '',
    tokensPerSecond: null,
    firstTokenMs: null,
    reasoning: null,
    context: null,
  }
  expect(tokenFigures({})).toEqual(nothing)
  expect(tokenFigures({ output_token_count: 'many', tokens_per_second: 0 })).toEqual(nothing)
  expect(tokenFigures({ context_token_limit: 8192 })).toEqual(nothing)
  expect(tokenFigures({ output_token_count: 7 }).tokens).toBe('7')
})

it('knows reasoning whose time is not known', () => {
  expect(tokenFigures({ reasoning_time: null }).reasoning).toEqual({ ms: null, tokens: null })
})

it('says when another question may not fit', () => {
  const contextOf = (used: number, most: number) =>
    tokenFigures({ input_token_count: used, context_token_limit: most }).context
  expect(contextOf(6_500, 8_192)?.isNearlyFull).toBe(false)
  expect(contextOf(6_600, 8_192)?.isNearlyFull).toBe(true)
  expect(contextOf(126_000, 131_072)?.isNearlyFull).toBe(false)
  expect(contextOf(129_500, 131_072)?.isNearlyFull).toBe(true)
  expect(contextShare({ used: 1_204, most: 8_192, isNearlyFull: false })).toBe('1,204 of 8,192')
})
