import { formatBytes } from '../../../domain/format-bytes.ts'
import type { InstanceState, PullState } from '../../../domain/instance/state.ts'
import type { Phase, Progress } from '../../../domain/prediction/prediction.ts'
import type { WaitState } from '../../../engine/instances/waiting.ts'
import type { HoldUp } from '../../../engine/placement/situation.ts'

/** The last lines of a set-up, in UTF-16 units. */
const mostLogUnits = 4_000

/** What a run that waits for a container shows. */
export function waitProgress(state: WaitState, now: number): Progress {
  switch (state.kind) {
    case 'instance':
      return instanceProgress(state.state)
    case 'held up':
      return { label: holdUpLabel(state.holdUp, now), ...logOf(state.logs) }
    case 'engine away':
      return { label: `Waiting for the container engine: ${state.sentence}` }
    case 'busy':
      return { label: 'Its containers are busy' }
  }
}

/** The phase of a run that waits for a container. */
export function waitPhase(state: WaitState): Phase {
  if (state.kind !== 'instance') return 'queued'
  // An image that is there is looked for, too, which takes no time to speak of.
  return state.state.pull === null ? 'booting' : 'pulling'
}

/** What is shown of a container that starts. */
export function instanceProgress({ phase, pull, logs }: InstanceState): Progress {
  switch (phase) {
    case 'pulling':
      return pull === null ? { label: 'Looking for its image' } : pullProgress(pull)
    case 'starting':
      return { label: 'Starting its container' }
    default:
      return {
        label: 'Its container is setting up',
        ...logOf(logs),
      }
  }
}

function logOf(logs: string): Pick<Progress, 'log'> {
  return logs === '' ? {} : { log: logs.slice(-mostLogUnits) }
}

function pullProgress({ layersDone, layers, done, total }: PullState): Progress {
  const counted = layers === 0 ? '' : `: ${layersDone} of ${layers} layers`
  const sized = total === null || total === 0 ? '' : `, ${formatBytes(total)}`
  const fraction =
    total === null || total === 0 ? layersDone / Math.max(1, layers) : (done ?? 0) / total
  return { label: `Pulling its image${counted}${sized}`, ...(layers === 0 ? {} : { fraction }) }
}

function holdUpLabel(holdUp: HoldUp, now: number): string {
  switch (holdUp.kind) {
    case 'backing off': {
      const seconds = Math.max(1, Math.ceil((holdUp.until - now) / 1_000))
      return `Its container failed: the next try is in ${seconds} s`
    }
    case 'busy': {
      const models = holdUp.by.map((key) => key.split('@')[0] ?? key)
      return models.length === 0
        ? 'Waiting for a GPU'
        : `Waiting for a GPU: ${[...new Set(models)].slice(0, 3).join(', ')} ${models.length === 1 ? 'is' : 'are'} using it`
    }
    case 'never':
      return 'It needs GPUs that its engines do not have'
    case 'no engine':
      return 'Its container engine is no longer configured'
  }
}
