import { expect, it } from 'vitest'
import { apply } from '../../../src/domain/prediction/apply.ts'
import { seedIn, seedOf } from '../../../src/domain/prediction/seed.ts'
import { predictionOf, start } from '../../support/domain.ts'

it.each<[string, number | bigint]>([
  ['Using seed: 4410972\n100%|██████████| 20/20 [00:03<00:00,  5.12it/s]\n', 4410972],
  ['seed: 7', 7],
  ['Seed: 12\nSaved 1 file\n', 12],
  ['Random seed used: `56000`\nNote: Random seed will not impact output.\n', 56000],
  ['Using random seed: 0\n', 0],
  ['using seed 31337\n', 31337],
  ['🎲 Using seed: 5 (Note: results may vary)\n', 5],
  ['Using seed: 1\n\rUsing seed: 2\r\n', 2],
  ['Using seed: 18446744073709551615\n', 18446744073709551615n],
])('reads the last seed of %j', (logs, seed) => {
  expect(seedIn(logs)).toBe(seed)
})

it.each([
  '',
  'No seed here: 7',
  'A prompt about a seed: 42 of them',
  'seed: 1.5',
  'Using seed: abc',
])('reads no seed of %j', (logs) => {
  expect(seedIn(logs)).toBeNull()
})

it('reads the beginning and the end of long logs', () => {
  const long = 'Loading weights\n'.repeat(200_000)
  expect(seedIn(`Using seed: 3\n${long}`)).toBe(3)
  expect(seedIn(`Using seed: 3\n${long}Using seed: 4\n`)).toBe(4)
})

it('is measured when the run settles, unless the upstream measured it', () => {
  const logged = predictionOf({ status: 'processing', logs: 'Using seed: 8\n' })
  const at = start + 1
  expect(seedOf(apply(logged, { type: 'succeeded', at }))).toBe(8)
  expect(seedOf(apply(logged, { type: 'failed', error: 'No.', at }))).toBe(8)
  const told = apply(logged, { type: 'measured', metrics: { seed: 9 }, at })
  expect(apply(told, { type: 'succeeded', at }).metrics).toEqual({ seed: 9 })
})
