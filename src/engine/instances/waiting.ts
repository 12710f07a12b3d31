import type { InstanceState } from '../../domain/instance/state.ts'
import type { HoldUp } from '../placement/situation.ts'
import type { Workload } from './workload.ts'

/** A slot of a container that is ready. */
export interface Slot {
  readonly origin: string
  /** Gives it back. */
  release(): void
}

/** `broken`: its containers cannot be started, and why as a sentence. `stopped`: the signal was aborted. */
export type Taken =
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'broken'; readonly sentence: string }
  | { readonly kind: 'stopped' }

/** The thing that somebody who waits for a slot waits for. */
export type WaitState =
  | { readonly kind: 'instance'; readonly state: InstanceState }
  /** `logs`: what the last container wrote that failed; empty when none has. */
  | { readonly kind: 'held up'; readonly holdUp: HoldUp; readonly logs: string }
  | { readonly kind: 'engine away'; readonly sentence: string }
  | { readonly kind: 'busy' }

export interface Waiter {
  readonly workload: Workload
  /** Milliseconds since 1970. */
  readonly since: number
  readonly waits: (state: WaitState) => void
  readonly done: (taken: Taken) => void
}

export interface WaitingOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called when somebody waits no more. */
  readonly changed: () => void
}

/** Those who wait for slots, in the order in which they came. */
export function createWaiting({ now, changed }: WaitingOptions) {
  const waiters = new Set<Waiter>()

  return {
    all: (): readonly Waiter[] => [...waiters],
    of: (key: string): readonly Waiter[] =>
      [...waiters].filter(({ workload }) => workload.key === key),
    /** Waits until a waiter is done, or the signal aborts. */
    add(
      workload: Workload,
      signal: AbortSignal,
      waits: (state: WaitState) => void,
    ): Promise<Taken> {
      if (signal.aborted) return Promise.resolve({ kind: 'stopped' })
      return new Promise((resolve) => {
        const stop = () => waiter.done({ kind: 'stopped' })
        const waiter: Waiter = {
          workload,
          since: now(),
          waits,
          done(taken) {
            waiters.delete(waiter)
            signal.removeEventListener('abort', stop)
            resolve(taken)
            changed()
          },
        }
        waiters.add(waiter)
        signal.addEventListener('abort', stop, { once: true })
      })
    },
  }
}
