import type { ReceiverClaims } from '../store/receivers.ts'
import type { SetTimer } from './timer.ts'

/** Decides which receivers this server sends to. */
export interface Claims {
  /** Whether it may send a request to a receiver now, which ends within `requestMs`. */
  take(receiver: string): Promise<boolean>
  /** Lets others send to a receiver: there is nothing more to send. */
  release(receiver: string): void
  /** Ends all claims. */
  close(): Promise<void>
}

/** For a server that is alone. */
export const everyReceiver: Claims = {
  take: async () => true,
  release() {},
  async close() {},
}

export interface SharedClaimsOptions {
  readonly table: ReceiverClaims
  /** The longest that a request to a receiver takes, in milliseconds. */
  readonly requestMs: number
  /** How long a claim is valid without being renewed, in milliseconds. */
  readonly validMs: number
  readonly setTimer: SetTimer
  /** Another replica has this receiver. */
  readonly refused: (receiver: string) => void
  readonly onError: (error: unknown) => void
}

/**
 * Claims that one of several replicas has at a time. No request is begun that could go on after the claim is over,
 * when another replica may send to the receiver.
 */
export function createSharedClaims(options: SharedClaimsOptions): Claims {
  const { table, requestMs, validMs, setTimer, refused, onError } = options
  /** Until when each claim is valid, by a clock that is never set. */
  const valid = new Map<string, number>()
  /** A claim is not made again before its release is over, which would end it. */
  const releasing = new Map<string, Promise<void>>()
  let stopTimer: (() => void) | null = null

  async function renew(): Promise<void> {
    const until = performance.now() + validMs
    const renewed = new Set(await table.renew(validMs))
    for (const receiver of valid.keys()) if (renewed.has(receiver)) valid.set(receiver, until)
  }

  function renewLater(): void {
    if (stopTimer || valid.size === 0) return
    stopTimer = setTimer(() => {
      stopTimer = null
      renew().catch(onError).finally(renewLater)
    }, validMs / 5)
  }

  return {
    async take(receiver) {
      if ((valid.get(receiver) ?? 0) > performance.now() + requestMs) return true
      await releasing.get(receiver)
      const until = performance.now() + validMs
      const isMine = await table.claim(receiver, validMs)
      if (isMine) valid.set(receiver, until)
      else {
        valid.delete(receiver)
        refused(receiver)
      }
      renewLater()
      return isMine
    },
    release(receiver) {
      if (!valid.delete(receiver)) return
      const released = table
        .release(receiver)
        .catch(onError)
        .finally(() => releasing.delete(receiver))
      releasing.set(receiver, released)
    },
    async close() {
      stopTimer?.()
      const all = [...valid.keys()]
      valid.clear()
      await Promise.all(all.map((receiver) => table.release(receiver).catch(onError)))
      await Promise.all(releasing.values())
    },
  }
}
