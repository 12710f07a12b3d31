import { expect, it } from 'vitest'
import type { Choice } from '../../../src/domain/judgement/judgement.ts'
import { inOrder, nextPair, shuffledPairs, tally } from '../../../src/domain/judgement/pairs.ts'
import { withUnnamedFiles } from '../../../src/domain/judgement/unnamed-files.ts'
import { winRate } from '../../../src/domain/judgement/win-rate.ts'
import { fileOf, predictionOf, uriOf } from '../../support/domain.ts'

const model = { owner: 'a', name: 'b' }
const chosen = (one: string, other: string, better: Choice['better']): Choice => {
  const [first, second] = inOrder(one, other)
  const both = { first: { id: first, model }, second: { id: second, model } }
  return { group: 'g', ...both, judge: 'ada', better, at: 0 }
}

it('has an interval that holds for few choices', () => {
  const percent = (won: number, of: number) => {
    const found = winRate(won, of)
    return found && [found.rate, found.low, found.high].map((part) => Math.round(part * 100))
  }
  expect(percent(5, 6)).toEqual([83, 44, 97])
  expect(percent(3, 5)).toEqual([60, 23, 88])
  expect(percent(0, 3)).toEqual([0, 0, 56])
  expect(percent(0, 0)).toBeNull()
})

it('shows each pair once, in an order and on sides that are those of the viewer', () => {
  const ids = Array.from({ length: 9 }, (_, at) => `run-${at}`)
  const pairs = shuffledPairs(ids, 'ada')
  expect(pairs).toHaveLength(36)
  expect(new Set(pairs.map(({ left, right }) => inOrder(left, right).join())).size).toBe(36)
  expect(shuffledPairs(ids, 'ada')).toEqual(pairs)
  expect(shuffledPairs(ids, 'ben')).not.toEqual(pairs)
  const swapped = pairs.filter(({ left, right }) => left > right).length
  expect(swapped).toBeGreaterThan(5)
  expect(swapped).toBeLessThan(31)
})

it('goes on with the pair that was not chosen from', () => {
  const pairs = shuffledPairs(['a', 'b', 'c'], 'ada')
  const done = pairs.map(({ left, right }) => chosen(left, right, 'same'))
  expect(nextPair(pairs, done.slice(1))).toEqual(pairs[0])
  expect(nextPair(pairs, done)).toBeNull()
})

it('counts what was won, without those that are the same', () => {
  const counted = tally([
    chosen('a', 'b', 'first'),
    chosen('a', 'c', 'second'),
    chosen('b', 'c', 'same'),
  ])
  expect(Object.fromEntries(counted)).toEqual({
    a: { won: 1, of: 2 },
    b: { won: 0, of: 1 },
    c: { won: 1, of: 1 },
  })
})

it('calls files by their number in the output, wherever they are named', () => {
  const files = [fileOf(1), fileOf(2, { name: 'kestrel-lantern.wav', type: 'audio/x-wav' })]
  const output = { sound: uriOf(2), again: [uriOf(2), 'a text'] }
  const unnamed = withUnnamedFiles(predictionOf({ output, files }))
  expect(unnamed.files.map(({ name }) => name)).toEqual(['file-given.png', 'file-1.wav'])
  const uri = `sandpit:${fileOf(2).ref}/file-1.wav`
  expect(unnamed.output).toEqual({ sound: uri, again: [uri, 'a text'] })
  expect(unnamed.files[1]).toMatchObject({ ref: fileOf(2).ref, sha256: fileOf(2).sha256 })
})
