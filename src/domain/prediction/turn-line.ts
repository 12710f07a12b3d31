import type { Ranked } from './turn-heap.ts'

/** One in the queue. */
export interface Waiting {
  readonly id: string
  readonly account: string
}

interface Numbered<One> {
  readonly one: One
  /** Counts the arrivals: of equal tags, the first that came is next. */
  readonly number: number
}

/** Its tag is in milliseconds of the model; its number is that of the first in its line. */
export interface Account<One> extends Ranked {
  readonly name: string
  /** Those that wait, in order of arrival; the ones before `head` have been taken. */
  line: Numbered<One>[]
  head: number
}

export function newAccount<One>(name: string, tag: number): Account<One> {
  return { name, tag, number: 0, index: -1, line: [], head: 0 }
}

/** Below this many, nothing is tidied up. */
export const few = 64

export function waitingOf({ line, head }: Account<unknown>): number {
  return line.length - head
}

/** Negative when it is not in the line. */
export function indexOf({ line, head }: Account<Waiting>, id: string): number {
  return line.findIndex(({ one }, at) => at >= head && one.id === id)
}

export function removeAt<One>(account: Account<One>, at: number): One | null {
  const { line, head } = account
  const taken = line[at]
  if (!taken) return null
  if (at === head) account.head++
  else line.splice(at, 1)
  if (account.head > few && account.head * 2 > line.length) {
    account.line = line.slice(account.head)
    account.head = 0
  }
  return taken.one
}

export function firstThatMay<One>(
  { line, head }: Account<One>,
  mayRun: (one: One) => boolean,
): number {
  for (let at = head; at < line.length; at++) {
    const waiting = line[at]
    if (waiting && mayRun(waiting.one)) return at
  }
  return -1
}

/** How many of an account are served before one of another account with this tag and number. */
export function servedBefore(
  account: Account<unknown>,
  tag: number,
  number: number,
  charge: number,
): number {
  if (account.tag > tag) return 0
  const whole = Math.floor((tag - account.tag) / charge)
  const isTie = account.tag + whole * charge === tag
  const tied = account.line[account.head + whole]?.number ?? 0
  return Math.min(waitingOf(account), whole + (isTie && tied > number ? 0 : 1))
}
