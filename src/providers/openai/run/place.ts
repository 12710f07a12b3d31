import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import type { Run } from '../../provider.ts'
import type { ServedModel } from '../dialects/dialect.ts'
import type { OpenAiLimits } from '../limits.ts'
import type { Serving } from '../servers/identify.ts'
import type { PlacedModel, ServerPlace } from '../servers/placed-model.ts'
import type { Server } from '../servers/server.ts'
import { placeSentence } from '../servers/state.ts'

/** A slot at a server that has the model. */
export interface Slot {
  readonly server: Server
  readonly serving: Serving
  readonly served: ServedModel
  /** Gives it back. */
  readonly release: () => void
}

export interface SlotOptions {
  readonly run: Run
  readonly placed: PlacedModel
  readonly limits: OpenAiLimits
}

/** How long a run has waited in vain for servers that are away or overloaded. */
export interface Patience {
  /** By `performance.now()`; null while it does not wait for them. */
  since: number | null
}

/**
 * Finds a server for a run: of those that have its model, the one with the fewest runs. Waits while one loads
 * or may come back, and reports what it waits for. Returns null when the run has failed or was stopped.
 */
export async function* findSlot(
  { run, placed, limits }: SlotOptions,
  patience: Patience,
): AsyncGenerator<Occurrence, Slot | null> {
  let reported: string | null = null
  while (!run.signal.aborted) {
    const slot = await freest(placed)
    if (slot) return slot
    const isLoading = placed.places.some(({ server }) => server.sighting()?.kind === 'loading')
    const mayComeBack = placed.places.some(({ server }) => isAway(server))
    const sentence = placed.places.map(placeSentence).find((one) => one !== null) ?? noServer
    if (!isLoading && (!mayComeBack || isOver(patience, limits))) {
      yield { type: 'failed', error: sentence }
      return null
    }
    if (isLoading) patience.since = null
    const label = isLoading ? loadingLabel : awayLabel
    if (label !== reported) yield { type: 'progressed', progress: { label } }
    reported = label
    await sleep(limits.waitMs, run.signal)
  }
  return null
}

/** Whether a run has waited long enough for what may never pass; begins to count with the first call. */
export function isOver(patience: Patience, { patienceMs }: OpenAiLimits): boolean {
  patience.since ??= performance.now()
  return performance.now() - patience.since > patienceMs
}

export const loadingLabel = 'Its server is loading the model'
const awayLabel = 'Waiting for its server, which cannot be reached'
const noServer = 'No server has this model.'

function isAway(server: Server): boolean {
  const sighting = server.sighting()
  return sighting === null || (sighting.kind === 'other' && sighting.isAway)
}

async function freest(placed: PlacedModel): Promise<Slot | null> {
  // To look at one that is away can take seconds: the others come first.
  const isGone = ({ server }: ServerPlace) => Number(server.sighting()?.kind === 'other')
  const byRuns = [...placed.places].sort(
    (a, b) => isGone(a) - isGone(b) || a.server.runs() - b.server.runs(),
  )
  for (const place of byRuns) {
    const slot = await slotAt(place, placed)
    if (slot) return slot
  }
  return null
}

async function slotAt(place: ServerPlace, placed: PlacedModel): Promise<Slot | null> {
  const { server, model } = place
  // Concurrent runs take different servers: the slot is reserved before the server is looked at.
  const release = server.reserve()
  const before = server.find(model)
  if (!before || before.state === 'asleep') await server.check()
  const sighting = server.sighting()
  const served = server.find(model)
  const isAwake = served !== null && served.state !== 'asleep'
  if (sighting?.kind === 'serving' && isAwake && placed.fits(place))
    return { server, serving: sighting, served, release }
  release()
  return null
}
