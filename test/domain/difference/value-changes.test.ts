import { expect, it } from 'vitest'
import { valueChanges } from '../../../src/domain/difference/value-changes.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { inTurns } from '../../../src/sleep.ts'

const changes = (...values: Parameters<typeof valueChanges>) => inTurns(valueChanges(...values))

async function paths(...values: Parameters<typeof valueChanges>) {
  const found = await changes(...values)
  return found.changes.map(({ path, before, after }) => [path, before, after])
}

it('names what differs by its path', async () => {
  const before = { size: 1, rows: [{ name: 'a' }, { name: 'b' }], gone: true, 'a b': 1 }
  const after = { size: 2, rows: [{ name: 'a' }, { name: 'c' }, 'new'], 'a b': 2 }
  expect(await paths(before, after, 10)).toEqual([
    ['size', 1, 2],
    ['rows[1].name', 'b', 'c'],
    ['rows[2]', undefined, 'new'],
    ['gone', true, undefined],
    ['["a b"]', 1, 2],
  ])
})

it('finds nothing in equal values, whatever the order of their names', async () => {
  expect(await changes({ a: 1, b: [null] }, { b: [null], a: 1 }, 10)).toEqual({
    changes: [],
    more: false,
  })
})

it('takes values of different kinds as they are', async () => {
  expect(await paths({ a: [1] }, { a: { b: 1 } }, 10)).toEqual([['a', [1], { b: 1 }]])
  expect(await paths([1], 'text', 10)).toEqual([['', [1], 'text']])
})

it('stops at a number of differences, and says so', async () => {
  const list = (of: number) => Array.from({ length: 50_000 }, () => of)
  const found = await changes(list(1), list(2), 5)
  expect(found.changes.length).toBe(5)
  expect(found.more).toBe(true)
})

it('shortens long names, and long paths to their end', async () => {
  const within = (depth: number, value: number): JsonObject | number =>
    depth === 0 ? value : { ['n'.repeat(9_000)]: within(depth - 1, value) }
  const [change] = (await changes(within(90, 1), within(90, 2), 10)).changes
  expect(change).toMatchObject({ before: 1, after: 2 })
  expect(change?.path.length).toBe(301)
  expect(change?.path.startsWith('…')).toBe(true)
})

it('yields many times while it compares large values', () => {
  const list = Array.from({ length: 50_000 }, (_, at) => at)
  const steps = valueChanges(list, [...list], 5)
  let yielded = 0
  while (!steps.next().done) yielded++
  expect(yielded).toBe(100)
})
