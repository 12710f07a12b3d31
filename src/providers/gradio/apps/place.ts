import { endpointAddress } from '../../../domain/model/addresses/app-address.ts'
import type { Warmth } from '../../../domain/model/model.ts'
import { type App, endpointIn } from './app.ts'
import type { Endpoint } from './endpoint.ts'
import type { Sighting } from './look.ts'

export type Place = ReturnType<typeof createPlace>

/** An endpoint of an app, which runs a model. */
export function createPlace(app: App, endpoint: string) {
  let runs = 0
  let lingering = 0

  function reserved(change: (by: 1 | -1) => void): () => void {
    let isReserved = true
    change(1)
    return () => {
      if (isReserved) change(-1)
      isReserved = false
    }
  }

  return {
    app,
    endpoint,
    /** As the operator wrote it: `http://gpu-1:7860#/predict`. */
    address: endpointAddress({ base: app.base, endpoint }),
    /** How many of our runs the app works on, those included that were canceled and go on there. */
    runs: () => runs + lingering,
    /** How many of these were canceled. */
    lingering: () => lingering,
    /** Takes a slot for a run; the function that it returns gives it back. */
    reserve: () =>
      reserved((by) => {
        runs += by
      }),
    /** Takes a slot for a run that was canceled and goes on. */
    linger: () =>
      reserved((by) => {
        lingering += by
      }),
  }
}

/** The endpoint as its app describes it; null when that is not known, or there is none. */
export function placeEndpoint({ app, endpoint }: Place): Endpoint | null {
  const sighting = app.sighting()
  return sighting?.kind === 'serving' ? endpointIn(sighting, endpoint) : null
}

/** Why a place gets no runs, as a sentence; null when it does, or that is not known. */
export function placeSentence({ app, endpoint }: Place): string | null {
  const sighting = app.sighting()
  if (sighting === null) return null
  if (sighting.kind !== 'serving') return sighting.sentence
  if (endpointIn(sighting, endpoint)) return null
  return `The Gradio app at ${app.base} has no function ${endpoint} any longer.`
}

const warmthOf: Readonly<Record<Exclude<Sighting['kind'], 'serving'>, Warmth>> = {
  booting: 'booting',
  closed: 'failed',
  refused: 'failed',
  away: 'cold',
  other: 'failed',
}

export function placeWarmth(place: Place): Warmth {
  const sighting = place.app.sighting()
  if (sighting === null) return 'cold'
  if (sighting.kind !== 'serving') return warmthOf[sighting.kind]
  if (!endpointIn(sighting, place.endpoint)) return 'failed'
  return place.runs() > 0 ? 'busy' : 'warm'
}
