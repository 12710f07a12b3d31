import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import type { Run } from '../../provider.ts'
import { endpointIn } from '../apps/app.ts'
import { versionId } from '../apps/describe.ts'
import type { Endpoint } from '../apps/endpoint.ts'
import type { Serving } from '../apps/look.ts'
import { type Place, placeSentence } from '../apps/place.ts'
import type { GradioLimits } from '../limits.ts'

/** A slot for a run at an endpoint that can take it. */
export interface Slot {
  readonly place: Place
  readonly serving: Serving
  readonly endpoint: Endpoint
  /** Gives it back. */
  readonly release: () => void
}

export interface SlotOptions {
  readonly run: Run
  readonly places: readonly Place[]
  /** How many runs one place takes at once. */
  readonly slots: number
  readonly limits: GradioLimits
}

/** How long a run has waited in vain for apps that are away. */
export interface Patience {
  /** By `performance.now()`; null while it does not wait for them. */
  since: number | null
}

/** Why a place does not take a run now. */
type Obstacle = 'full' | 'lingering' | 'booting' | 'away' | 'changed' | 'failed'

const labels: Readonly<Record<Exclude<Obstacle, 'changed' | 'failed'>, string>> = {
  full: 'Its app is busy',
  lingering: 'Its app still works on a canceled run',
  booting: 'Its app is starting',
  away: 'Waiting for its app, which cannot be reached',
}

/**
 * Finds a place for a run: of those that have the model's function, the one with the fewest runs. Waits while one
 * may become free or come back, and reports what it waits for. Returns null when the run has failed or was stopped.
 */
export async function* findSlot(
  options: SlotOptions,
  patience: Patience,
): AsyncGenerator<Occurrence, Slot | null> {
  const { run, places, limits } = options
  let reported: string | null = null
  while (!run.signal.aborted) {
    const obstacles = new Set<Obstacle>()
    for (const place of [...places].sort((a, b) => a.runs() - b.runs())) {
      const found = await slotAt(place, options)
      if (typeof found === 'object') return found
      obstacles.add(found)
    }
    const waits = (['lingering', 'full', 'booting', 'away'] as const).find((one) =>
      obstacles.has(one),
    )
    if (waits === undefined || (waits === 'away' && isOver(patience, limits))) {
      yield { type: 'failed', error: whyNone(obstacles, places) }
      return null
    }
    if (waits !== 'away') patience.since = null
    if (labels[waits] !== reported) yield { type: 'progressed', progress: { label: labels[waits] } }
    reported = labels[waits]
    await sleep(limits.waitMs, run.signal)
  }
  return null
}

/** Whether a run has waited long enough for what may never pass; begins to count with the first call. */
export function isOver(patience: Patience, { patienceMs }: GradioLimits): boolean {
  patience.since ??= performance.now()
  return performance.now() - patience.since > patienceMs
}

async function slotAt(place: Place, { run, slots, limits }: SlotOptions): Promise<Slot | Obstacle> {
  if (place.runs() >= slots) return place.lingering() > 0 ? 'lingering' : 'full'
  // Runs at the same time take different slots: one is taken before the app is looked at.
  const release = place.reserve()
  const serving = await place.app.fresh(limits.freshMs)
  const endpoint = serving.kind === 'serving' ? endpointIn(serving, place.endpoint) : null
  const fits = endpoint && versionId(run.version.model, endpoint.schemas) === run.version.id
  if (serving.kind === 'serving' && endpoint && fits) return { place, serving, endpoint, release }
  release()
  if (serving.kind === 'booting' || serving.kind === 'away') return serving.kind
  return endpoint ? 'changed' : 'failed'
}

function whyNone(obstacles: ReadonlySet<Obstacle>, places: readonly Place[]): string {
  if (obstacles.has('changed') && obstacles.size === 1) return changedSentence
  return places.map(placeSentence).find((one) => one !== null) ?? changedSentence
}

const changedSentence =
  'The model has changed since this was created. Run it again to use the current version.'
