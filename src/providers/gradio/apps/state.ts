import {
  type InstanceHealth,
  type ModelHealth,
  nothingToNote,
  type Warmth,
} from '../../../domain/model/model.ts'
import type { ProviderState } from '../../provider.ts'
import type { App } from './app.ts'
import { type Place, placeSentence, placeWarmth } from './place.ts'

const order: readonly Warmth[] = ['warm', 'busy', 'booting', 'cold', 'failed']

/** The place that the next run goes to: the closest to ready. */
function readiest(places: readonly Place[]): Place | null {
  const rank = (place: Place) => order.indexOf(placeWarmth(place))
  return [...places].sort((a, b) => rank(a) - rank(b))[0] ?? null
}

export function modelWarmth(places: readonly Place[]): Warmth {
  const place = readiest(places)
  return place ? placeWarmth(place) : 'cold'
}

export function modelHealth(places: readonly Place[]): ModelHealth {
  const place = readiest(places)
  if (!place) return nothingToNote
  const instances = places.length > 1 ? { instances: places.map(instanceHealth) } : {}
  const note = placeSentence(place)
  return { since: place.app.bootingSince(), note, logs: '', ...instances }
}

function instanceHealth(place: Place): InstanceHealth {
  return { name: place.address, warmth: placeWarmth(place), note: placeSentence(place) }
}

/** The state of one app, for the settings page. */
export function appState(app: App): ProviderState {
  const sighting = app.sighting()
  if (sighting === null) return { kind: 'trouble', sentence: 'It has not been reached yet.' }
  if (sighting.kind !== 'serving') return { kind: 'trouble', sentence: sighting.sentence }
  const { length } = sighting.endpoints
  const counted = `${length} ${length === 1 ? 'function' : 'functions'}`
  return { kind: 'works', sentence: `It answers, with ${counted}.` }
}

const mostTold = 5

/** How many apps answer, and what is wrong with the others. */
export function fleetState(apps: readonly App[]): ProviderState {
  if (apps.length === 0)
    return { kind: 'off', sentence: 'No apps yet. Set GRADIO_MODELS, or add one by its URL.' }
  const states = apps.map(appState)
  const wrong = states.filter(({ kind }) => kind !== 'works').map(({ sentence }) => sentence)
  const counted = `${apps.length - wrong.length} of ${apps.length} ${apps.length === 1 ? 'app' : 'apps'} answering.`
  if (wrong.length === 0) return { kind: 'works', sentence: counted }
  const more = wrong.length - mostTold
  const told = [...wrong.slice(0, mostTold), ...(more > 0 ? [`And ${more} more.`] : [])]
  return { kind: 'trouble', sentence: `${counted} ${told.join(' ')}` }
}
