import type { Channel } from '../../channel.ts'
import { pause } from '../../sleep.ts'
import { NotAnswered, type Wire } from '../container-client.ts'
import type { Container } from '../containers/container.ts'
import type { Health } from '../containers/health.ts'
import { readReport } from './container-prediction.ts'
import type { Heard } from './send.ts'

export interface WatchOptions {
  readonly container: Container
  /** The run's own address at the container. */
  readonly url: string
  readonly wire: Wire
  readonly channel: Channel<Heard>
  readonly signal: AbortSignal
  /** How long until the next look, in milliseconds. */
  readonly pauseMs: () => number
}

/** Looks at the container now and then while it works on a run. Never rejects. */
export async function watch(options: WatchOptions): Promise<void> {
  const { container, channel, signal, pauseMs } = options
  while (!signal.aborted) {
    await pause(pauseMs(), signal)
    if (signal.aborted) return
    const health = await container.look()
    const works = health.coglet ? await worksOnIt(options) : null
    if (!signal.aborted) channel.push({ type: 'looked', health, works })
  }
}

/**
 * A coglet answers 202 for a run that is under way before it looks at the input, and refuses this
 * input otherwise. What came before it looks at the input first, so there is nothing to ask there
 * that could not start the run again.
 */
async function worksOnIt({ url, wire, channel }: WatchOptions): Promise<boolean | null> {
  try {
    const { status, json } = await wire.ask(url, '{"input":"poll"}')
    const report = status === 202 ? readReport(json) : null
    if (report && report.ended === null)
      channel.push({ type: 'reported', report, large: null, posted: false })
    return status === 202 ? true : status === 422 ? false : null
  } catch (error) {
    if (error instanceof NotAnswered) return null
    throw error
  }
}

/** Why a container is thought not to work on a run any more. */
export type Loss = 'restarted' | 'idle' | 'gone' | 'refused'

/** Its port may be closed for a moment as its network is set up anew. */
const mostRefusals = 3

export interface VigilOptions {
  /** Which start of the container took the run; null when that is not known. */
  readonly instance: string | null
  /** How many runs it takes at once: with more than one, being ready tells nothing of this one. */
  readonly slots: number
  readonly goneMs: number
  readonly now: () => number
}

/** What looks at a container have said of a run so far. */
export function createVigil({ instance, slots, goneMs, now }: VigilOptions) {
  let wasBusy = false
  let idle = 0
  let outOfReachSince: number | null = null
  let refusals = 0

  return {
    /**
     * Why the run is lost, or null. `connected`: its answer may still come, so a container that was
     * never busy with it proves nothing, as it may take several. `arriving`: it is coming just now.
     */
    loss(
      { health, works }: { readonly health: Health; readonly works: boolean | null },
      { connected, arriving }: { readonly connected: boolean; readonly arriving: boolean },
    ): Loss | null {
      const { condition } = health
      refusals = health.refused && !connected ? refusals + 1 : 0
      if (refusals >= mostRefusals) return 'refused'
      if (condition === 'unreachable' || condition === 'strange') {
        outOfReachSince ??= now()
        return now() - outOfReachSince > goneMs ? 'gone' : null
      }
      outOfReachSince = null
      const another = instance !== null && health.instance !== null && health.instance !== instance
      if (another || (condition !== 'ready' && condition !== 'busy' && condition !== 'unhealthy'))
        return 'restarted'
      wasBusy ||= condition === 'busy'
      const quiet =
        works === null
          ? condition === 'ready' && slots === 1 && (wasBusy || !connected)
          : works === false
      idle = quiet && !arriving ? idle + 1 : 0
      // Once may be the moment between the end of the work and the arrival of its answer.
      return idle >= 2 ? 'idle' : null
    },
  }
}
