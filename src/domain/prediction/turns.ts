/**
 * Turns among accounts by virtual time (start-time fair queueing). Each account has a tag, the time of
 * the model that it has used: the account with the least tag is next. One that begins to wait takes up
 * the tag of the one that was served last, so that nobody saves up turns while they are away.
 * @module
 */

import { createHeap } from './turn-heap.ts'
import {
  type Account,
  few,
  firstThatMay,
  indexOf,
  newAccount,
  removeAt,
  servedBefore,
  type Waiting,
  waitingOf,
} from './turn-line.ts'

/** How many are served before another one, if none is added and each takes the usual time. */
export interface Place {
  readonly before: number
  /** Those of them that are of the same account. */
  readonly own: number
  /** How many of the same account wait behind it. */
  readonly behind: number
}

export type Turns<One extends Waiting> = ReturnType<typeof createTurns<One>>

/** What has to be known of turns besides who waits. */
export interface TurnsState {
  /** The tag of the account that was served last. */
  readonly served: number
  /** The tags of accounts that have used more than that. */
  readonly tags: Readonly<Record<string, number>>
}

export const noTurns: TurnsState = { served: 0, tags: {} }

/** Of one account alone, the order is that of arrival. `charge` is always a whole number, from 1. */
export function createTurns<One extends Waiting>(before: TurnsState = noTurns) {
  const accounts = new Map<string, Account<One>>()
  /** The accounts that wait. */
  const heap = createHeap<Account<One>>()
  let { served } = before
  let arrivals = 0
  let size = 0
  for (const [name, tag] of Object.entries(before.tags)) accounts.set(name, newAccount(name, tag))

  function known(name: string): Account<One> {
    const before = accounts.get(name)
    if (before) return before
    if (accounts.size > 2 * heap.all.length + few) forgetIdle()
    const account = newAccount<One>(name, served)
    accounts.set(name, account)
    return account
  }

  /** An account that waits for nothing is as good as a new one, once others have caught up with it. */
  function forgetIdle(): void {
    for (const account of accounts.values())
      if (waitingOf(account) === 0 && account.tag <= served) accounts.delete(account.name)
  }

  /** Takes one out of the line of its account. */
  function takeOut(account: Account<One>, at: number): One | null {
    const taken = removeAt(account, at)
    if (!taken) return null
    size--
    const next = account.line[account.head]
    if (!next) heap.remove(account)
    else {
      account.number = next.number
      heap.move(account)
    }
    return taken
  }

  /** The first account with one that may run, and the place of that one in its line. */
  function findNext(mayRun: (one: One) => boolean): [Account<One>, number] | null {
    const passed: Account<One>[] = []
    let found: [Account<One>, number] | null = null
    for (let account = heap.first(); account && !found; account = heap.first()) {
      const at = firstThatMay(account, mayRun)
      if (at >= 0) found = [account, at]
      else {
        passed.push(account)
        heap.remove(account)
      }
    }
    for (const account of passed) heap.add(account)
    return found
  }

  function placeAt(tag: number, number: number, charge: number, own: string): number {
    let before = 0
    for (const account of heap.all)
      if (account.name !== own) before += servedBefore(account, tag, number, charge)
    return before
  }

  return {
    add(one: One): void {
      const account = known(one.account)
      const number = arrivals++
      account.line.push({ one, number })
      size++
      if (account.index >= 0) return
      account.tag = Math.max(served, account.tag)
      account.number = number
      heap.add(account)
    },

    /** Takes the next one that may run, and charges its account for it. Null when none may. */
    take(charge: number, mayRun: (one: One) => boolean = () => true): One | null {
      const [account, at] = findNext(mayRun) ?? []
      if (!account || at === undefined) return null
      // An account that was held up has a tag that the others have passed: it catches up with them.
      served = Math.max(served, account.tag)
      account.tag = served + charge
      return takeOut(account, at)
    },

    /** Corrects what an account was charged by so many milliseconds, when a run of it has ended. */
    correct(name: string, ms: number): void {
      const account = accounts.get(name)
      if (!account) return
      account.tag += ms
      if (account.index >= 0) heap.move(account)
    },

    /** Takes out one that waits; null when it does not. */
    remove({ id, account: name }: Waiting): One | null {
      const account = accounts.get(name)
      return account ? takeOut(account, indexOf(account, id)) : null
    },

    /** The place of one that waits; null when it does not. */
    place({ id, account: name }: Waiting, charge: number): Place | null {
      const account = accounts.get(name)
      const at = account ? indexOf(account, id) : -1
      const waiting = account?.line[at]
      if (!account || !waiting) return null
      const own = at - account.head
      const others = placeAt(account.tag + own * charge, waiting.number, charge, name)
      return { before: own + others, own, behind: waitingOf(account) - own - 1 }
    },

    /** The place of the next one that an account would add. */
    placeOfNext(name: string, charge: number): Place {
      const account = accounts.get(name)
      const own = account ? waitingOf(account) : 0
      const tag = Math.max(account?.tag ?? 0, own > 0 ? 0 : served) + own * charge
      return { before: own + placeAt(tag, arrivals, charge, name), own, behind: 0 }
    },

    /** Those that wait, in no order. */
    all: (): readonly One[] =>
      heap.all.flatMap(({ line, head }) => line.slice(head).map(({ one }) => one)),
    size: (): number => size,
    /** How many accounts wait. */
    accounts: (): number => heap.all.length,
    /** For turns that go on elsewhere, with the same waiting in the order of their arrival. */
    state(): TurnsState {
      const ahead = [...accounts.values()].filter(({ tag }) => tag > served)
      return { served, tags: Object.fromEntries(ahead.map(({ name, tag }) => [name, tag])) }
    },
  }
}
