import { sleep } from '../../../sleep.ts'
import type { FollowOptions } from './follow.ts'

/**
 * Asks a container to cancel a run until it agrees, and allows the run `cancelGraceMs` to end. The
 * container may not know the run yet, and Cog 0.9 never does while a caller waits for the answer.
 * Never rejects.
 */
export async function cancelRun(options: FollowOptions): Promise<void> {
  const { url, client, limits, channel, signal } = options
  void sleep(limits.cancelGraceMs, signal).then(() => {
    if (!signal.aborted) channel.push({ type: 'cancel timed out' })
  })
  for (let tries = 1; !signal.aborted; tries++) {
    const status = await client.post(`${url}/cancel`).then(
      (response) => response.status,
      () => null,
    )
    if (status === 200 || signal.aborted) return
    if (tries === 2 && status === 404) channel.push({ type: 'cancel refused' })
    await sleep(limits.waitMs, signal)
  }
}

/** Asks once, whatever comes of it. Never rejects. */
export async function requestCancel({
  url,
  client,
}: Pick<FollowOptions, 'url' | 'client'>): Promise<void> {
  await client.post(`${url}/cancel`).catch(() => {})
}
