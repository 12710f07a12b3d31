import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createMemo } from '../src/memo.ts'

/** A memo of values with this size, which notes what it loads. */
function memoOf(most: number, size: number) {
  const memo = createMemo<string>(most, () => size)
  const loaded: string[] = []
  async function read(key: string): Promise<string> {
    const value = await memo.read(key, async () => {
      loaded.push(key)
      return `value of ${key}`
    })
    await nextTurn()
    return value
  }
  return { ...memo, loaded, read }
}

it('loads a result once', async () => {
  const { read, loaded } = memoOf(10_000, 1_000)
  expect([await read('a'), await read('a')]).toEqual(['value of a', 'value of a'])
  expect(loaded).toEqual(['a'])
})

it('keeps no more than its size in all, those that were read last', async () => {
  const { read, loaded } = memoOf(10_000, 4_000)
  for (const key of ['a', 'b', 'a', 'c']) await read(key)
  expect(loaded).toEqual(['a', 'b', 'c'])
  await read('a')
  await read('b')
  expect(loaded).toEqual(['a', 'b', 'c', 'b'])
})

it('keeps no result that failed, and none that is larger than all', async () => {
  const { read, loaded } = memoOf(1_000, 4_000)
  await read('large')
  await read('large')
  expect(loaded).toEqual(['large', 'large'])
  const memo = createMemo<string>(1_000, () => 1)
  await expect(memo.read('a', () => Promise.reject(new Error('No')))).rejects.toThrow('No')
  await nextTurn()
  expect(await memo.read('a', async () => 'yes')).toBe('yes')
})

it('shares a load among those who ask meanwhile', async () => {
  const memo = createMemo<number>(1_000, () => 1)
  let loads = 0
  const load = async () => ++loads
  expect(await Promise.all([memo.read('a', load), memo.read('a', load)])).toEqual([1, 1])
})
