import { sleep } from '../../../sleep.ts'
import type { RequestError } from '../../upstream/request-error.ts'
import type { WatchOptions } from './update.ts'

/**
 * Takes a prompt out of the queue, or interrupts it, until it is gone; allows it `cancelGraceMs` to end. A
 * node that is at work notices between two of its steps. Never rejects.
 */
export async function cancelPrompt(options: WatchOptions): Promise<void> {
  const { updates, limits, signal } = options
  void sleep(limits.cancelGraceMs, signal).then(() => {
    if (!signal.aborted) updates.push({ type: 'cancel timed out' })
  })
  while (!signal.aborted) {
    const isThere = await stop(options)
    if (isThere === false) return
    await sleep(limits.waitMs, signal)
  }
}

/** One try. Resolves with whether the prompt was still there; null when that was not told. Never rejects. */
export async function stop({
  server,
  promptId,
}: Pick<WatchOptions, 'server' | 'promptId'>): Promise<boolean | null> {
  const place = await server.place(promptId).catch((_: RequestError) => null)
  // Only what runs is interrupted: older servers interrupt whatever runs, whoever it is from.
  if (place?.kind === 'running') await server.interrupt(promptId).catch(() => {})
  if (place?.kind === 'waiting') await server.drop(promptId).catch(() => {})
  return place && place.kind !== 'absent'
}
