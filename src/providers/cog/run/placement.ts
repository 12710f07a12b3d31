import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import type { Run } from '../../provider.ts'
import { pause } from '../../sleep.ts'
import type { Container } from '../containers/container.ts'
import type { Served } from '../containers/fleet.ts'
import { type Condition, type Health, sentenceOf } from '../containers/health.ts'
import { versionId } from '../containers/openapi-document.ts'
import type { CogLimits } from '../limits.ts'

/** A place in a container that is ready. */
export interface Place {
  readonly container: Container
  readonly health: Health
  /** Gives it back. */
  readonly release: () => void
}

export interface PlaceOptions {
  readonly run: Run
  readonly served: Served
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The model has another version now: the containers run no other. */
const changed = 'changed'
const full = 'full'
/** It works, and on no run of ours. */
const busyElsewhere = 'busy elsewhere'
type Outlook = Condition | typeof changed | typeof full | typeof busyElsewhere

/** No container is ready: how each of them is, and a sentence for when waiting is no use. */
interface Prospect {
  readonly outlooks: readonly Outlook[]
  readonly sentence: string
}

/**
 * Finds a container that is ready for a run, and waits for one that may become so, saying what it
 * waits for. Answers null once the run has failed, or was stopped.
 */
export async function* findPlace(options: PlaceOptions): AsyncGenerator<Occurrence, Place | null> {
  const { run, limits, now } = options
  const since = now()
  let said: string | null = null
  while (!run.signal.aborted) {
    const found = await look(options)
    if ('container' in found) return found
    const { outlooks, sentence } = found
    const label = labelFor(outlooks)
    if (label === null || (label === beyondReach && now() - since > limits.patienceMs)) {
      yield { type: 'failed', error: sentence }
      return null
    }
    if (label !== said) yield { type: 'progressed', progress: { label } }
    said = label
    await pause(limits.waitMs, run.signal)
  }
  return null
}

/** The first that is ready, the emptiest before others; else how each of them is. */
async function look({ run, served }: PlaceOptions): Promise<Place | Prospect> {
  const outlooks: Outlook[] = []
  let sentence = changedSentence
  for (const container of byLikelihood(served)) {
    if (container.runs() >= served.slots) {
      outlooks.push(full)
      continue
    }
    const release = container.reserve()
    const health = await container.look()
    const document = container.document()
    const fits = document && versionId(served.ref, document) === run.version.id
    if (health.condition === 'ready' && fits) return { container, health, release }
    release()
    if (health.condition === 'busy' && container.runs() === 0) outlooks.push(busyElsewhere)
    else if (health.condition !== 'ready') {
      outlooks.push(health.condition)
      sentence = sentenceOf(container.origin, health) ?? sentence
    } else if (document) outlooks.push(changed)
    else {
      outlooks.push('strange')
      sentence = `The container at ${container.origin} does not send its model’s schema.`
    }
  }
  return { outlooks, sentence }
}

function byLikelihood({ containers }: Served): readonly Container[] {
  const rank = (one: Container) => (one.health()?.condition === 'ready' ? 0 : 1)
  return [...containers].sort((a, b) => rank(a) - rank(b) || a.runs() - b.runs())
}

const beyondReach = 'Waiting for its container, which cannot be reached'

/** What the run waits for; null when waiting would change nothing. */
function labelFor(outlooks: readonly Outlook[]): string | null {
  const some = (...wanted: Outlook[]) => outlooks.some((one) => wanted.includes(one))
  if (some('booting')) return 'Its container is starting'
  if (some('busy', full)) return 'Its container is busy'
  if (some(busyElsewhere)) return 'Its container is busy with something else'
  if (some('unhealthy', 'unreachable', 'strange')) return beyondReach
  return null
}

const changedSentence =
  'The model has changed since this was created. Run it again to use the current version.'
