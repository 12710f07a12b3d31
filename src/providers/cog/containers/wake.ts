import { usualInstances } from '../../../domain/instance/choices.ts'
import { sleep } from '../../../sleep.ts'
import type { Probed } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { createAskings } from '../askings.ts'
import type { CogLimits } from '../limits.ts'
import { fetchHealth } from './health.ts'
import { probe } from './probe.ts'

export interface WakeOptions {
  readonly client: UpstreamClient
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly askings: ReturnType<typeof createAskings<Probed, never>>
  /** How long to wait for it now, in milliseconds. */
  readonly waitMs: number
}

/** Describes the container at an origin that starts when it is asked: it is asked until it answers. */
export async function probeOnDemand(origin: string, options: WakeOptions): Promise<Probed> {
  const { client, limits, now, askings, waitMs } = options
  const describe = () => probe(origin, { client, now: now(), onDemand: true })
  const asked = await askings.ask(origin, waitMs, async (signal) => {
    const until = now() + usualInstances.bootMs
    while (!signal.aborted && now() < until) {
      const { condition } = await fetchHealth(origin, client)
      if (condition !== 'unreachable' && condition !== 'booting') break
      await sleep(limits.waitMs, signal)
    }
    return describe()
  })
  if (asked.kind === 'full') return { kind: 'refused', sentence: askingTooMuch }
  if (asked.kind === 'pending')
    return {
      kind: 'pending',
      sentence: 'It is still starting. Look again in a minute: it is asked on meanwhile.',
      progress: { label: `Waiting for the container at ${origin}` },
    }
  // What it says is read once: the next one who asks learns what it says then.
  askings.forget(origin)
  return asked.result
}

export const askingTooMuch = 'Several others are being started. Try again in a few minutes.'
