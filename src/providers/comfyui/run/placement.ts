import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import type { Run } from '../../provider.ts'
import type { ComfyLimits } from '../limits.ts'
import type { Server, ServerHealth } from '../servers/server.ts'

/** A server that a run goes to. */
export interface Placement {
  readonly server: Server
  /** Ends that the run counts as one of the server's. */
  readonly release: () => void
}

export interface PlacementOptions {
  readonly run: Run
  readonly servers: readonly Server[]
  readonly limits: ComfyLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Finds the server with the fewest runs of ours that answers. Waits while none does; returns null when
 * the run has failed or was stopped.
 */
export async function* findServer(
  options: PlacementOptions,
): AsyncGenerator<Occurrence, Placement | null> {
  const { run, servers, limits, now } = options
  const since = now()
  let isReported = false
  while (!run.signal.aborted) {
    const checked = await Promise.all(
      servers.map(async (server) => ({ server, health: await server.check() })),
    )
    const [best] = checked.filter(({ health }) => !('sentence' in health)).sort(byLoad)
    if (run.signal.aborted) return null
    if (best) return { server: best.server, release: best.server.reserve() }
    const [first] = checked
    if (!first || now() - since > limits.patienceMs) {
      const error = first && 'sentence' in first.health ? first.health.sentence : noServer
      yield { type: 'failed', error }
      return null
    }
    const label = 'Waiting for its server, which cannot be reached'
    if (!isReported) yield { type: 'progressed', progress: { label } }
    isReported = true
    await sleep(limits.waitMs, run.signal)
  }
  return null
}

interface Checked {
  readonly server: Server
  readonly health: ServerHealth
}

function byLoad(a: Checked, b: Checked): number {
  const isBusy = ({ health }: Checked) => Number(health.kind === 'busy')
  return a.server.runs() - b.server.runs() || isBusy(a) - isBusy(b)
}

const noServer = 'This model cannot run: it has no server.'
