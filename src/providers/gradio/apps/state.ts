import {
  type InstanceHealth,
  type ModelHealth,
  nothingToNote,
  type Warmth,
} from '../../../domain/model/model.ts'
import type { ProviderState } from '../../provider.ts'
import { answeringState, readiest } from '../../upstream/state.ts'
import type { App } from './app.ts'
import { type Place, placeSentence, placeWarmth } from './place.ts'

export function modelWarmth(places: readonly Place[]): Warmth {
  const place = readiest(places, placeWarmth)
  return place ? placeWarmth(place) : 'cold'
}

export function modelHealth(places: readonly Place[]): ModelHealth {
  const place = readiest(places, placeWarmth)
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

/** How many apps answer, and what is wrong with the others. */
export function fleetState(apps: readonly App[]): ProviderState {
  if (apps.length === 0)
    return { kind: 'off', sentence: 'No apps yet. Set GRADIO_MODELS, or add one by its URL.' }
  return answeringState(apps.map(appState), 'app')
}
