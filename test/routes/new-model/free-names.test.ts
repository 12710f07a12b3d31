import { expect, it } from 'vitest'
import { modelName, parseModelRef } from '../../../src/domain/model-ref.ts'
import { createFreeNames } from '../../../src/routes/new-model/free-names.ts'

const wish = (name: string) => ({ owner: 'qwen', name })
const given = (taken: readonly string[], ...wished: readonly string[]) => {
  const free = createFreeNames(taken)
  return wished.map((name) => modelName(free(wish(name))))
}

it('gives a name that nobody has as it is', () => {
  expect(given(['qwen/other', 'ann/qwen3'], 'qwen3')).toEqual(['qwen/qwen3'])
})

it('numbers one that is taken, and those that were given', () => {
  const taken = ['qwen/qwen3', 'qwen/qwen3-3']
  expect(given(taken, 'qwen3', 'qwen3', 'qwen3-2', 'qwen4')).toEqual([
    'qwen/qwen3-2',
    'qwen/qwen3-4',
    'qwen/qwen3-2-2',
    'qwen/qwen4',
  ])
})

it('makes names that models can have of the longest', () => {
  const longest = `${'a'.repeat(61)}.-b`
  const [one, two] = given([`qwen/${longest}`], longest, longest)
  expect([one, two]).toEqual([`qwen/${'a'.repeat(61)}-2`, `qwen/${'a'.repeat(61)}-3`])
  expect(parseModelRef(two ?? '')).not.toBeNull()
})

it('gives a thousand names for one wish at once', () => {
  const all = given([], ...Array.from({ length: 1_000 }, () => 'qwen3'))
  expect(new Set(all).size).toBe(1_000)
  expect(all.at(-1)).toBe('qwen/qwen3-1000')
})
