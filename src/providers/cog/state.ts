import { type ModelHealth, nothingToNote, type Warmth } from '../../domain/model.ts'
import type { ProviderState } from '../provider.ts'
import type { Container } from './container.ts'
import { sentenceOf, warmthOf } from './health.ts'

const order: readonly Warmth[] = ['warm', 'busy', 'booting', 'cold', 'failed']

/** The container that a run would go to: the readiest that was looked at. */
function readiest(containers: readonly Container[]) {
  const seen = containers.flatMap((container) => {
    const health = container.health()
    return health ? [{ container, health, warmth: warmthOf[health.condition] }] : []
  })
  return seen.sort((a, b) => order.indexOf(a.warmth) - order.indexOf(b.warmth))[0] ?? null
}

export function warmthAmong(containers: readonly Container[]): Warmth {
  return readiest(containers)?.warmth ?? 'cold'
}

export function healthOf(containers: readonly Container[]): ModelHealth {
  const found = readiest(containers)
  if (!found || found.warmth === 'warm' || found.warmth === 'busy') return nothingToNote
  const { container, health } = found
  const note = sentenceOf(container.origin, health)
  return { since: container.bootingSince(), note, logs: health.logs }
}

/** How many containers answer, and what is wrong with the first that does not. */
export function stateOf(containers: readonly Container[]): ProviderState {
  if (containers.length === 0)
    return {
      kind: 'off',
      sentence: 'No container is known: set COG_MODELS, or add one by its address.',
    }
  const wrong = containers.flatMap((container) => {
    const health = container.health()
    return (health && sentenceOf(container.origin, health)) ?? []
  })
  const [first] = wrong
  const well = containers.length - wrong.length
  const counted = `${well} of ${containers.length} ${containers.length === 1 ? 'container' : 'containers'}`
  if (first === undefined) return { kind: 'works', sentence: `${counted} can be used.` }
  return { kind: 'trouble', sentence: `${counted} can be used. ${first}` }
}
