import { pause } from '../../sleep.ts'
import type { ListenOptions } from './follow.ts'

/**
 * Tells a container to stop a run, and gives it time to. It may not know the run yet, and Cog 0.9
 * never does where the answer is waited for, so it is told repeatedly. Never rejects.
 */
export async function cancelUpstream({
  url,
  wire,
  limits,
  channel,
  signal,
}: CancelOptions): Promise<void> {
  const grace = setTimeout(() => channel.push({ type: 'out of grace' }), limits.cancelGraceMs)
  signal.addEventListener('abort', () => clearTimeout(grace), { once: true })
  for (let told = 1; !signal.aborted; told++) {
    const status = await wire.post(`${url}/cancel`).then(
      (answer) => answer.status,
      () => null,
    )
    if (status === 200 || signal.aborted) return
    if (told === 2 && status === 404) channel.push({ type: 'not canceled' })
    await pause(limits.waitMs, signal)
  }
}

/** Whether it hears that is its own matter. */
export async function tellToStop({
  url,
  wire,
}: Pick<ListenOptions, 'url' | 'wire'>): Promise<void> {
  await wire.post(`${url}/cancel`).catch(() => {})
}

type CancelOptions = Pick<ListenOptions, 'url' | 'wire' | 'limits' | 'channel' | 'signal'>
