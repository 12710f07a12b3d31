import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Locks } from '../../src/locks/locks.ts'

/** Two users of the same locks, which may be one. */
export interface OpenedLocks {
  readonly first: Locks
  readonly second: Locks
  close(): Promise<void>
}

/** The contract of `Locks`, for every implementation. */
export function describeLocks(name: string, open: () => Promise<OpenedLocks>): void {
  describe(name, () => {
    let opened: OpenedLocks
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())

    it('lets one run alone, and the next when it has ended, also with an error', async () => {
      const { first, second } = opened
      const held = await holdAlone(first, 'a')
      expect(await second.alone('a', nothing)).toBe(false)
      expect(await first.alone('a', nothing)).toBe(false)
      expect(await second.alone('b', nothing)).toBe(true)
      await held.end()
      expect(await second.alone('a', nothing)).toBe(true)
      await expect(first.alone('a', fails)).rejects.toThrow('on purpose')
      expect(await second.alone('a', nothing)).toBe(true)
    })

    it('lets many run together, and nobody alone beside them', async () => {
      const { first, second } = opened
      const here = await holdTogether(first, 'a')
      const there = await holdTogether(second, 'a')
      expect(await second.alone('a', nothing)).toBe(false)
      await here.end()
      expect(await first.alone('a', nothing)).toBe(false)
      await there.end()
      expect(await first.alone('a', nothing)).toBe(true)
      await expect(first.together('a', fails)).rejects.toThrow('on purpose')
      expect(await second.alone('a', nothing)).toBe(true)
    })

    it('lets together wait for who is alone', async () => {
      const { first, second } = opened
      const held = await holdAlone(first, 'a')
      let ran = 0
      const waiting = Promise.all(
        [first, second].map((locks) => locks.together('a', async () => ++ran)),
      )
      expect(await second.together('b', async () => 'at once')).toBe('at once')
      expect(ran).toBe(0)
      await held.end()
      expect((await waiting).sort()).toEqual([1, 2])
    })

    it('never lets two be alone at once', async () => {
      const { first, second } = opened
      let inside = 0
      let most = 0
      let ran = 0
      const once = (locks: Locks) =>
        locks.alone('a', async () => {
          most = Math.max(most, ++inside)
          await new Promise(setImmediate)
          inside--
          ran++
        })
      for (let round = 0; round < 50; round++) await Promise.all([first, second, first].map(once))
      expect(most).toBe(1)
      expect(ran).toBeGreaterThanOrEqual(50)
    })
  })
}

async function nothing(): Promise<void> {}

async function fails(): Promise<never> {
  throw new Error('on purpose')
}

export async function holdAlone(locks: Locks, name: string) {
  return hold((work) => locks.alone(name, work))
}

async function holdTogether(locks: Locks, name: string) {
  return hold((work) => locks.together(name, work))
}

/** Resolves when the lock is held. */
async function hold(take: (work: () => Promise<void>) => Promise<unknown>) {
  const begun = Promise.withResolvers<void>()
  const ending = Promise.withResolvers<void>()
  const taken = take(() => {
    begun.resolve()
    return ending.promise
  })
  await begun.promise
  return {
    async end() {
      ending.resolve()
      await taken
    },
  }
}
