import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import type { Run } from '../../provider.ts'
import type { Container } from '../containers/container.ts'
import type { ServedModel } from '../containers/fleet.ts'
import { type ContainerCondition, conditionSentence, type Health } from '../containers/health.ts'
import { versionId } from '../containers/openapi-document.ts'
import type { CogLimits } from '../limits.ts'

/** A slot in a container that is ready. */
export interface Placement {
  readonly container: Container
  readonly health: Health
  /** Gives the slot back. */
  readonly release: () => void
}

/** Where the runs of a model go. */
export interface Places {
  /** Whether a request may start a container, or reach another one than the last. */
  readonly onDemand: boolean
  /** How many runs one container takes at once. */
  readonly slots: number
  /** The origins of containers that a run may have gone to. */
  readonly origins: readonly string[]
  /**
   * Finds a container that is ready for a run. Waits while one may become ready, and reports what it waits
   * for. Returns null when the run has failed or was stopped.
   */
  find(run: Run): AsyncGenerator<Occurrence, Placement | null>
  /** A slot in the container that has begun a run at this URL; null when there is no such container any more. */
  at(url: string, signal: AbortSignal): Promise<Omit<Placement, 'health'> | null>
}

export interface PlacementOptions {
  readonly served: ServedModel
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The containers of a model that were there before it: by their URLs. */
export function createContainerPlaces(options: PlacementOptions): Places {
  const { containers, slots, onDemand } = options.served
  return {
    onDemand,
    slots,
    origins: containers.map(({ origin }) => origin),
    find: (run) => findPlacement(options, run),
    async at(url) {
      const container = containers.find(({ origin }) => url.startsWith(`${origin}/`))
      return container ? { container, release: container.reserve() } : null
    },
  }
}

/** The container serves another version of the model. */
const changed = 'changed'
const full = 'full'
/** The container works on runs of other clients. */
const busyElsewhere = 'busy elsewhere'
type Obstacle = ContainerCondition | typeof changed | typeof full | typeof busyElsewhere

/** No container is ready: the obstacle at each, and the error when waiting is useless. */
interface NotPlaced {
  readonly obstacles: readonly Obstacle[]
  readonly sentence: string
}

async function* findPlacement(
  options: PlacementOptions,
  run: Run,
): AsyncGenerator<Occurrence, Placement | null> {
  const { served, limits, now } = options
  const since = now()
  let reported: string | null = null
  while (!run.signal.aborted) {
    const found = await tryContainers(served, run)
    if ('container' in found) return found
    const { obstacles, sentence } = found
    const { onDemand, bootMs } = served
    const label = labelFor(obstacles, onDemand)
    const waited = now() - since
    const isLate = onDemand && label === booting && waited > bootMs
    if (label === null || isLate || (label === beyondReach && waited > limits.patienceMs)) {
      yield { type: 'failed', error: isLate ? lateSentence(found, bootMs) : sentence }
      return null
    }
    if (label !== reported) {
      yield { type: 'entered', phase: label === booting ? 'booting' : 'queued' }
      yield { type: 'progressed', progress: { label } }
    }
    reported = label
    await sleep(limits.waitMs, run.signal)
  }
  return null
}

/** The first container that is ready, those with the fewest runs first; else the obstacle at each. */
async function tryContainers(served: ServedModel, run: Run): Promise<Placement | NotPlaced> {
  const obstacles: Obstacle[] = []
  let sentence = changedSentence
  for (const container of byLikelihood(served)) {
    if (container.runs() >= served.slots) {
      obstacles.push(full)
      continue
    }
    const release = container.reserve()
    const health = await served.check(container)
    const document = container.document()
    const fits = document && versionId(served.ref, document) === run.version.id
    if (health.condition === 'ready' && fits) return { container, health, release }
    release()
    if (health.condition === 'busy' && container.runs() === 0) obstacles.push(busyElsewhere)
    else if (health.condition !== 'ready') {
      obstacles.push(health.condition)
      sentence = conditionSentence(container.origin, health) ?? sentence
    } else if (document) obstacles.push(changed)
    else {
      obstacles.push('not cog')
      sentence = `The container at ${container.origin} does not send its model’s schema.`
    }
  }
  return { obstacles, sentence }
}

function byLikelihood({ containers }: ServedModel): readonly Container[] {
  const rank = (one: Container) => (one.health()?.condition === 'ready' ? 0 : 1)
  return [...containers].sort((a, b) => rank(a) - rank(b) || a.runs() - b.runs())
}

const booting = 'Its container is starting'
const beyondReach = 'Waiting for its container, which cannot be reached'

/** The label of the run while it waits; null when waiting is useless. */
function labelFor(obstacles: readonly Obstacle[], onDemand: boolean): string | null {
  const some = (...wanted: Obstacle[]) => obstacles.some((one) => wanted.includes(one))
  if (some('booting') || (onDemand && some('unreachable'))) return booting
  if (some('busy', full)) return 'Its container is busy'
  if (some(busyElsewhere)) return 'Its container is busy with something else'
  if (some('unhealthy', 'unreachable', 'not cog')) return beyondReach
  return null
}

function lateSentence({ obstacles, sentence }: NotPlaced, bootMs: number): string {
  const late = `Its container was not ready after ${Math.round(bootMs / 1_000)} s.`
  return obstacles.includes('unreachable') ? `${late} ${sentence}` : late
}

const changedSentence =
  'The model has changed since this was created. Run it again to use the current version.'
