import {
  type InstanceHealth,
  type ModelHealth,
  nothingToNote,
  type Warmth,
} from '../../../domain/model/model.ts'
import type { ProviderState, Upstream } from '../../provider.ts'
import { answeringState, readiest } from '../../upstream/state.ts'
import type { ModelState, ServedModel } from '../dialects/dialect.ts'
import type { FleetServer } from './fleet.ts'
import type { PlacedModel, ServerPlace } from './placed-model.ts'
import type { Server } from './server.ts'

/** The warmth of a model at one place. */
export function placeWarmth({ server, model }: ServerPlace): Warmth {
  const sighting = server.sighting()
  if (sighting?.kind === 'loading') return 'booting'
  if (sighting === null || sighting.kind === 'other') return 'cold'
  if (sighting.kind === 'closed') return 'failed'
  const warmth = stateWarmth[server.find(model)?.state ?? 'broken']
  return warmth === 'warm' && server.isFull() ? 'busy' : warmth
}

/** The warmth of a model in a state, at a server with room for another run. */
export const stateWarmth: Readonly<Record<ModelState, Warmth>> = {
  ready: 'warm',
  loading: 'booting',
  unloaded: 'cold',
  sleeping: 'cold',
  asleep: 'failed',
  broken: 'failed',
}

/** The state of a model as a sentence; null when the next run starts at once. */
export const stateSentences: Readonly<Record<ModelState, string | null>> = {
  ready: null,
  loading: 'Its server is loading it.',
  unloaded: 'Its server loads it for the next run.',
  sleeping: 'It sleeps, and its server wakes it up for the next run.',
  asleep: 'It was put to sleep at its server. Wake it up there with POST /wake_up.',
  broken:
    'Its server could not load it the last time, and says why in its log. A run tries it again.',
}

/** Why a place gets no runs, or has to load the model first, as a sentence; null when neither. */
export function placeSentence({ server, model }: ServerPlace): string | null {
  const sighting = server.sighting()
  if (sighting === null) return null
  if (sighting.kind !== 'serving') return sighting.sentence
  const found = server.find(model)
  if (!found)
    return `The server at ${server.base} does not have ${model ?? 'any model'} any longer.`
  return stateSentences[found.state]
}

export function modelWarmth(placed: PlacedModel | null): Warmth {
  const place = placed && readiest(placed.places, placeWarmth)
  return place ? placeWarmth(place) : 'cold'
}

export function modelHealth(placed: PlacedModel | null): ModelHealth {
  const place = placed && readiest(placed.places, placeWarmth)
  if (!placed || !place) return nothingToNote
  const { places } = placed
  const instances = places.length > 1 ? { instances: places.map(instanceHealth) } : {}
  const warmth = placeWarmth(place)
  if (warmth === 'warm' || warmth === 'busy') return { ...nothingToNote, ...instances }
  const note = placeSentence(place)
  return { since: place.server.loadingSince(), note, logs: '', ...instances }
}

function instanceHealth(place: ServerPlace): InstanceHealth {
  return { name: place.server.base, warmth: placeWarmth(place), note: placeSentence(place) }
}

/** A server with its models, for the settings page. */
export function serverUpstream({ server, models }: FleetServer): Upstream {
  const starting = server.sighting()?.kind === 'loading' ? ({ kind: 'starting' } as const) : {}
  const known = server.lastServing()
  const address = known?.root ?? `${server.base}/v1`
  const title = known?.dialect.title ?? 'Server with OpenAI’s API'
  return { ...serverState(server), ...starting, address, title, models, takesKey: true }
}

function serverState(server: Server): ProviderState {
  const sighting = server.sighting()
  if (sighting === null) return { kind: 'trouble', sentence: 'It has not been reached yet.' }
  if (sighting.kind !== 'serving') return { kind: 'trouble', sentence: sighting.sentence }
  const { length } = sighting.models
  const counted = `It answers, with ${length} ${length === 1 ? 'model' : 'models'}`
  return { kind: 'works', sentence: `${[counted, ...notReady(sighting.models)].join('; ')}.` }
}

/** How many models are in a state that somebody should know. */
function notReady(models: readonly ServedModel[]): readonly string[] {
  return told.flatMap(([state, words]) => {
    const count = models.filter((one) => one.state === state).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
}

const told = [
  ['loading', 'loading'],
  ['asleep', 'asleep'],
  ['broken', 'that it could not load'],
] as const

/** How many servers answer, and what is wrong with the others. */
export function fleetState(servers: readonly Server[]): ProviderState {
  if (servers.length === 0)
    return { kind: 'off', sentence: 'No servers yet. Set OPENAI_MODELS, or add one by its URL.' }
  return answeringState(servers.map(serverState), 'server')
}
