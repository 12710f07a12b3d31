import { expect, it } from 'vitest'
import { createOneByOne } from '../../../src/runner/replicas/one-by-one.ts'

it('does what is asked for meanwhile once, and after what is under way', async () => {
  const oneByOne = createOneByOne()
  const first = Promise.withResolvers<void>()
  const begun: string[] = []
  const begin = (name: string, done: Promise<void>) => () => {
    begun.push(name)
    return done
  }
  const all = [
    oneByOne('a', begin('first', first.promise)),
    oneByOne('a', begin('second', Promise.resolve())),
    oneByOne('a', begin('third', Promise.resolve())),
    oneByOne('b', begin('of another key', Promise.resolve())),
  ]
  expect(begun).toEqual(['first', 'of another key'])
  first.resolve()
  await Promise.all(all)
  expect(begun).toEqual(['first', 'of another key', 'second'])
  await oneByOne('a', begin('later', Promise.resolve()))
  expect(begun.at(-1)).toBe('later')
})

it('goes on after work that failed', async () => {
  const oneByOne = createOneByOne()
  const failing = oneByOne('a', () => Promise.reject(new Error('no')))
  const next = oneByOne('a', async () => {})
  await expect(failing).rejects.toThrow('no')
  await expect(next).resolves.toBeUndefined()
})
