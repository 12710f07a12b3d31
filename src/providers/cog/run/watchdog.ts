import { sleep } from '../../../sleep.ts'
import type { Channel } from '../../channel.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Container } from '../containers/container.ts'
import type { Health } from '../containers/health.ts'
import { readContainerPrediction } from './container-prediction.ts'
import type { HealthChecked, RunUpdate } from './run-update.ts'

export interface HealthPollOptions {
  readonly container: Container
  /** The run's own URL at the container. */
  readonly url: string
  readonly client: UpstreamClient
  readonly channel: Channel<RunUpdate>
  readonly signal: AbortSignal
  /** How long until the next check, in milliseconds. */
  readonly pauseMs: () => number
  /** Whether it is to be checked now. */
  readonly isNeeded: () => boolean
}

/** Checks the health of a container repeatedly while it works on a run. Never rejects. */
export async function pollHealth(options: HealthPollOptions): Promise<void> {
  const { container, channel, signal, pauseMs, isNeeded } = options
  while (!signal.aborted) {
    await sleep(pauseMs(), signal)
    if (signal.aborted) return
    if (!isNeeded()) continue
    const health = await container.checkHealth()
    const works = health.coglet ? await worksOnIt(options) : null
    if (!signal.aborted) channel.push({ type: 'checked', health, works })
  }
}

/**
 * A coglet responds 202 for a run in progress before it validates the input, and refuses this input
 * otherwise. Older servers validate first, so no request to them is safe: it could start the run again.
 */
async function worksOnIt({ url, client, channel }: HealthPollOptions): Promise<boolean | null> {
  try {
    const { status, json } = await client.put(url, '{"input":"poll"}')
    const prediction = status === 202 ? readContainerPrediction(json) : null
    if (prediction && prediction.outcome === null)
      channel.push({ type: 'reported', prediction, large: null, posted: false })
    return status === 202 ? true : status === 422 ? false : null
  } catch (error) {
    if (error instanceof RequestError) return null
    throw error
  }
}

/** Why a container is taken to have stopped working on a run. */
export type LossReason = 'restarted' | 'idle' | 'gone' | 'refused'

/** A port may be closed for a moment while the network of its container is set up again. */
const maxRefusals = 3

export interface WatchdogOptions {
  /** Which start of the container took the run; null when that is not known. */
  readonly instance: string | null
  /** How many runs it takes at once: with more than one, `ready` says nothing about this run. */
  readonly slots: number
  /** How long it may be unreachable, in milliseconds. */
  readonly goneMs: number
  readonly now: () => number
}

export type Watchdog = ReturnType<typeof createWatchdog>

/** Decides from health checks whether a container still works on a run. */
export function createWatchdog({ instance, slots, goneMs, now }: WatchdogOptions) {
  let wasBusy = false
  let idleChecks = 0
  let unreachableSince: number | null = null
  let refusals = 0

  function isRestarted(health: Health): boolean {
    const { condition } = health
    if (instance !== null && health.instance !== null && health.instance !== instance) return true
    return condition !== 'ready' && condition !== 'busy' && condition !== 'unhealthy'
  }

  function isUnreachableTooLong(): boolean {
    unreachableSince ??= now()
    return now() - unreachableSince > goneMs
  }

  return {
    /**
     * Why the run is lost, or null. While `connected`, the answer may still come, so a container that
     * was never seen busy proves nothing: it may take several runs. `arriving`: it is coming right now.
     */
    loss(
      { health, works }: Pick<HealthChecked, 'health' | 'works'>,
      { connected, arriving }: { readonly connected: boolean; readonly arriving: boolean },
    ): LossReason | null {
      const { condition } = health
      refusals = health.refused && !connected ? refusals + 1 : 0
      if (refusals >= maxRefusals) return 'refused'
      if (condition === 'unreachable' || condition === 'not cog')
        return isUnreachableTooLong() ? 'gone' : null
      unreachableSince = null
      if (isRestarted(health)) return 'restarted'
      wasBusy ||= condition === 'busy'
      const isReady = condition === 'ready' && slots === 1 && (wasBusy || !connected)
      const isIdle = works === null ? isReady : !works
      idleChecks = isIdle && !arriving ? idleChecks + 1 : 0
      // One idle check may fall between the end of the work and the arrival of its answer.
      return idleChecks >= 2 ? 'idle' : null
    },
  }
}
