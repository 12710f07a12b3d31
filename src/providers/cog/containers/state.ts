import {
  type InstanceHealth,
  type ModelHealth,
  nothingToNote,
  type Warmth,
} from '../../../domain/model/model.ts'
import type { ProviderState } from '../../provider.ts'
import { firstFew, readiest } from '../../upstream/state.ts'
import { noRouteSentence } from '../run/callback-routes.ts'
import type { Container } from './container.ts'
import type { ServingContainer } from './fleet.ts'
import { conditionSentence, conditionWarmth, type Health } from './health.ts'

/** The container that the next run goes to: the closest to ready. */
function closestToReady(serving: readonly ServingContainer[]) {
  const seen = serving.flatMap((one) => {
    const health = one.fits ? healthOf(one) : null
    const { container } = one
    return health ? [{ container, health, warmth: conditionWarmth[health.condition] }] : []
  })
  return readiest(seen, ({ warmth }) => warmth)
}

/** One that starts when it is asked, and was asked a moment ago, is starting. */
function healthOf({ container, onDemand }: ServingContainer): Health | null {
  const health = container.health()
  if (!onDemand || health?.condition !== 'unreachable') return health
  return { ...health, condition: 'booting', reason: null }
}

export function modelWarmth(serving: readonly ServingContainer[]): Warmth {
  return closestToReady(serving)?.warmth ?? 'cold'
}

export function modelHealth(serving: readonly ServingContainer[]): ModelHealth {
  const found = closestToReady(serving)
  const instances = serving.length > 1 ? { instances: serving.map(instanceHealth) } : {}
  if (!found || found.warmth === 'warm' || found.warmth === 'busy')
    return { ...nothingToNote, ...instances }
  const { container, health } = found
  const note = conditionSentence(container.origin, health)
  return { since: container.bootingSince(), note, logs: health.logs, ...instances }
}

function instanceHealth(serving: ServingContainer): InstanceHealth {
  const { container } = serving
  const health = healthOf(serving)
  const warmth = health ? conditionWarmth[health.condition] : 'cold'
  return { name: container.origin, warmth, note: problemOf(serving) }
}

/** Why a container gets no runs, as a sentence; null when it does, or will. */
export function problemOf(serving: ServingContainer): string | null {
  const { container, fits } = serving
  const health = healthOf(serving)
  const sentence = health && conditionSentence(container.origin, health)
  if (sentence || fits) return sentence
  return `The container at ${container.origin} has a different schema from its model, so it gets no predictions.`
}

/** How many containers are ready, and what is wrong with the others. */
export function fleetState(serving: readonly ServingContainer[]): ProviderState {
  if (serving.length === 0)
    return {
      kind: 'off',
      sentence: 'No containers yet. Set COG_MODELS, or add one by its URL.',
    }
  const containers = byContainer(serving)
  const wrong = [...containers.values()].filter((sentence) => sentence !== null)
  const well = containers.size - wrong.length
  const counted = `${well} of ${containers.size} ${containers.size === 1 ? 'container' : 'containers'}`
  const unreached = [...containers.keys()].filter(cannotReachUs).map(({ origin }) => origin)
  const hint =
    unreached.length > 0
      ? ` ${unreached.join(', ')} cannot reach this server. ${noRouteSentence}`
      : ''
  if (wrong.length === 0) return { kind: 'works', sentence: `${counted} ready.${hint}` }
  return { kind: 'trouble', sentence: `${counted} ready. ${firstFew(wrong)}${hint}` }
}

/** Whether no callback of a container has reached us, though it was asked for some. */
function cannotReachUs(container: Container): boolean {
  const reached = [container.reachesUs('local'), container.reachesUs('configured')]
  return reached.includes(false) && !reached.includes(true)
}

/** The problem of each container, once even if it serves several models; null when it has none. */
function byContainer(serving: readonly ServingContainer[]) {
  const sentences = new Map<Container, string | null>()
  for (const one of serving)
    sentences.set(one.container, sentences.get(one.container) ?? problemOf(one))
  return sentences
}
