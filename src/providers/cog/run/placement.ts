import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Run } from '../../provider.ts'
import { sleep } from '../../sleep.ts'
import type { Container } from '../containers/container.ts'
import type { ServedModel } from '../containers/fleet.ts'
import { type ContainerCondition, conditionSentence, type Health } from '../containers/health.ts'
import { versionId } from '../containers/openapi-document.ts'
import type { CogLimits } from '../limits.ts'

/** A place in a container that is ready. */
export interface Placement {
  readonly container: Container
  readonly health: Health
  /** Gives it back. */
  readonly release: () => void
}

export interface PlacementOptions {
  readonly run: Run
  readonly served: ServedModel
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The model has another version now: the containers run no other. */
const changed = 'changed'
const full = 'full'
/** It works, and on no run of ours. */
const busyElsewhere = 'busy elsewhere'
type Obstacle = ContainerCondition | typeof changed | typeof full | typeof busyElsewhere

/** No container is ready: how each of them is, and a sentence for when waiting is no use. */
interface NotPlaced {
  readonly obstacles: readonly Obstacle[]
  readonly sentence: string
}

/**
 * Finds a container that is ready for a run, and waits for one that may become so, saying what it
 * waits for. Answers null once the run has failed, or was stopped.
 */
export async function* findPlacement(
  options: PlacementOptions,
): AsyncGenerator<Occurrence, Placement | null> {
  const { run, limits, now } = options
  const since = now()
  let said: string | null = null
  while (!run.signal.aborted) {
    const found = await tryContainers(options)
    if ('container' in found) return found
    const { obstacles: outlooks, sentence } = found
    const label = labelFor(outlooks)
    if (label === null || (label === beyondReach && now() - since > limits.patienceMs)) {
      yield { type: 'failed', error: sentence }
      return null
    }
    if (label !== said) yield { type: 'progressed', progress: { label } }
    said = label
    await sleep(limits.waitMs, run.signal)
  }
  return null
}

/** The first that is ready, the emptiest before others; else how each of them is. */
async function tryContainers({ run, served }: PlacementOptions): Promise<Placement | NotPlaced> {
  const outlooks: Obstacle[] = []
  let sentence = changedSentence
  for (const container of byLikelihood(served)) {
    if (container.runs() >= served.slots) {
      outlooks.push(full)
      continue
    }
    const release = container.reserve()
    const health = await container.checkHealth()
    const document = container.document()
    const fits = document && versionId(served.ref, document) === run.version.id
    if (health.condition === 'ready' && fits) return { container, health, release }
    release()
    if (health.condition === 'busy' && container.runs() === 0) outlooks.push(busyElsewhere)
    else if (health.condition !== 'ready') {
      outlooks.push(health.condition)
      sentence = conditionSentence(container.origin, health) ?? sentence
    } else if (document) outlooks.push(changed)
    else {
      outlooks.push('not cog')
      sentence = `The container at ${container.origin} does not send its model’s schema.`
    }
  }
  return { obstacles: outlooks, sentence }
}

function byLikelihood({ containers }: ServedModel): readonly Container[] {
  const rank = (one: Container) => (one.health()?.condition === 'ready' ? 0 : 1)
  return [...containers].sort((a, b) => rank(a) - rank(b) || a.runs() - b.runs())
}

const beyondReach = 'Waiting for its container, which cannot be reached'

/** What the run waits for; null when waiting would change nothing. */
function labelFor(outlooks: readonly Obstacle[]): string | null {
  const some = (...wanted: Obstacle[]) => outlooks.some((one) => wanted.includes(one))
  if (some('booting')) return 'Its container is starting'
  if (some('busy', full)) return 'Its container is busy'
  if (some(busyElsewhere)) return 'Its container is busy with something else'
  if (some('unhealthy', 'unreachable', 'not cog')) return beyondReach
  return null
}

const changedSentence =
  'The model has changed since this was created. Run it again to use the current version.'
