import type { Prediction } from '../../domain/prediction/prediction.ts'
import { NoSpace, StoreBusy } from '../../domain/unavailable.ts'
import type { IdempotencyKey } from '../store.ts'

/** A write for the thread. Its number names it in the answers. */
export type ThreadWrite =
  | {
      readonly type: 'accept'
      readonly number: number
      readonly prediction: Prediction
      readonly idempotency: IdempotencyKey | null
      readonly sealed: string | null
    }
  | {
      readonly type: 'save'
      readonly number: number
      readonly previous: Prediction
      readonly next: Prediction
    }

/** A message to the thread: writes of one turn of the event loop, or the wish that it ends after them. */
export type ToThread = readonly ThreadWrite[] | 'end'

export type FromThread =
  /** Its connection is open. */
  | { readonly type: 'ready' }
  /** New predictions that are kept, but may not be on disk yet. */
  | { readonly type: 'taken'; readonly numbers: readonly number[] }
  /** Writes that are on disk, or that failed. */
  | { readonly type: 'done'; readonly outcomes: readonly Outcome[] }
  /** A statement failed in a way that concerns the whole database. */
  | { readonly type: 'noted'; readonly kind: 'damaged' | 'full'; readonly error: Error }
  /** The log could not be synced. */
  | { readonly type: 'unsynced'; readonly error: Error }

export type Outcome = { readonly number: number } & (
  | { readonly value: ThreadValue }
  | { readonly failure: Failure }
)

/** Whether a save took place, or the earlier prediction of an acceptance; null when there was none. */
export type ThreadValue = boolean | Prediction | null

/** An error as a message can carry it: of our own errors, only their names are known on the other side. */
export interface Failure {
  readonly name: 'NoSpace' | 'StoreBusy' | null
  readonly error: Error
}

export function failureOf(cause: unknown): Failure {
  const error = errorOf(cause)
  if (error instanceof NoSpace) return { name: 'NoSpace', error }
  return { name: error instanceof StoreBusy ? 'StoreBusy' : null, error }
}

export function errorIn({ name, error }: Failure): Error {
  if (name === 'NoSpace') return new NoSpace(error.message, { cause: error })
  return name === 'StoreBusy' ? new StoreBusy(error.message, { cause: error }) : error
}

export function errorOf(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

/** Gathers the items of one turn of the event loop, and passes them on together. */
export function gather<T>(pass: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = []
  function passAll(): void {
    const gathered = items
    items = []
    pass(gathered)
  }
  return (item) => {
    if (items.push(item) === 1) setImmediate(passAll)
  }
}
