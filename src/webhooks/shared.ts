import type { Changes } from '../changes/changes.ts'
import type { ReceiverClaims } from '../store/receivers.ts'
import { type Claims, createSharedClaims, everyReceiver } from './claims.ts'
import { setTimer } from './timer.ts'

export interface SharedReceivers {
  readonly receivers: ReceiverClaims
  readonly changes: Pick<Changes, 'tell' | 'listen'>
  /** How long a claim of a receiver is valid without being renewed, in milliseconds. */
  readonly validMs?: number
}

export interface SharingOptions {
  /** What several replicas share; null for a server that is alone. */
  readonly shared: SharedReceivers | null
  /** Every receiver with a pending delivery. */
  readonly pending: () => Promise<readonly string[]>
  /** Sends to a receiver, or leaves it to whoever does. */
  readonly dispatch: (receiver: string) => void
  /** Sends to a receiver that this replica sends to already. */
  readonly nudge: (receiver: string) => void
  readonly onError: (error: unknown) => void
}

/** A request and what precedes it take less, in milliseconds. */
const requestMs = 12_000
const usualValidMs = 20_000

/** How often replicas look for receivers that nobody sends to, in milliseconds. */
const lookMs = 2_000

/** Shares the receivers among replicas: one sends to each, and another takes over when it is gone. */
export function createSharing(options: SharingOptions): Claims {
  const { shared, pending, dispatch, nudge, onError } = options
  if (!shared) return everyReceiver
  const { receivers, changes, validMs = usualValidMs } = shared
  let stopTimer = setTimer(look, lookMs)
  let closed = false

  function look(): void {
    dispatchUnclaimed()
      .catch(onError)
      .finally(() => {
        if (!closed) stopTimer = setTimer(look, lookMs)
      })
  }

  async function dispatchUnclaimed(): Promise<void> {
    const waiting = await pending()
    if (waiting.length === 0) return
    const claimed = await receivers.claimed()
    for (const receiver of waiting) if (!claimed.has(receiver)) dispatch(receiver)
  }

  changes.listen((change) => {
    if (change.type === 'receiver') nudge(change.receiver)
  })
  const claims = createSharedClaims({
    table: receivers,
    requestMs: Math.min(requestMs, validMs / 2),
    validMs,
    setTimer,
    refused: (receiver) => changes.tell({ type: 'receiver', receiver }),
    onError,
  })
  return {
    ...claims,
    close() {
      closed = true
      stopTimer()
      return claims.close()
    },
  }
}
