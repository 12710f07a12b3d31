import { within } from '../../../sleep.ts'
import type { Channel } from '../../channel.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { GradioLimits } from '../limits.ts'
import { requestCancel, type Update } from './connection.ts'
import type { Slot } from './slot.ts'

export interface StopOptions {
  readonly slot: Slot
  readonly joined: { readonly session: string; readonly event: string | null }
  readonly client: UpstreamClient
  readonly limits: GradioLimits
  readonly channel: Channel<Update>
  /** Whether the app has begun with the run. */
  readonly hasBegun: boolean
  /** Closes the connection. */
  hangUp(): void
  /** Resolves when the connection is closed, or the run has ended. */
  readonly reading: Promise<void>
}

/**
 * Stops a run. An app stops generators, at their next value, and what waits in its queue. A plain function runs to
 * its end: the slot of the run stays taken until then, though the run is over for us. Never rejects.
 */
export async function stopRun(options: StopOptions): Promise<void> {
  const { slot, joined, client, limits, channel, hasBegun, hangUp, reading } = options
  void discard(channel)
  if (hasBegun && !slot.endpoint.isGenerator) return linger(options)
  await requestCancel(slot.serving, client, { fn: slot.endpoint.fn, ...joined })
  await within(limits.cancelGraceMs, reading)
  hangUp()
}

/** Keeps the slot of a run until the app has ended it, or `lingerMs` have passed. */
function linger({ slot, limits, hangUp, reading }: StopOptions): void {
  const release = slot.place.linger()
  void within(limits.lingerMs, reading).then(() => {
    hangUp()
    release()
  })
}

/** Throws away what is still said of the run, so that the reading of it goes on. */
async function discard(channel: Channel<Update>): Promise<void> {
  while ((await channel.next()).type !== 'closed');
}
