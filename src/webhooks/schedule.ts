import type { Delivery, LastingEvent } from '../domain/webhook/delivery.ts'

/** The outcome of one try, with the answer in a few words. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly answer: string }
  /** To be retried, not before `afterMs` have passed. */
  | { readonly kind: 'again'; readonly answer: string; readonly afterMs: number }
  | { readonly kind: 'given up'; readonly answer: string }

/**
 * The most tries of each event. `start` is retried for a minute and a half, since updates wait for it
 * and it is soon out of date; `completed` for 13 to 20 hours.
 */
const mostTries: Readonly<Record<LastingEvent, number>> = { start: 5, completed: 11 }

const firstWaitMs = 2_000
const growth = 3

/** Each wait is up to a fifth shorter or longer, so that deliveries that failed together are not retried together. */
const jitter = 0.2

/** The delivery after a try. `chance` is random, from 0 to 1. */
export function afterTry(
  delivery: Delivery,
  outcome: Outcome,
  at: number,
  chance: number,
): Delivery {
  const { answer, kind } = outcome
  const tries = delivery.tries + 1
  const tried = { ...delivery, tries, answer, triedAt: at, nextAt: null }
  if (kind !== 'again') return { ...tried, state: kind }
  if (tries >= mostTries[delivery.event]) return { ...tried, state: 'given up' }
  const waitMs = firstWaitMs * growth ** (tries - 1) * (1 + jitter * (2 * chance - 1))
  return { ...tried, nextAt: at + Math.max(Math.round(waitMs), outcome.afterMs) }
}
