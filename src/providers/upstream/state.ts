import type { Warmth } from '../../domain/model/model.ts'
import type { ProviderState } from '../provider.ts'

/** From ready to unable to run. */
const order: readonly Warmth[] = ['warm', 'busy', 'booting', 'cold', 'failed']

/** Of the places where a model can run, the one that its next run goes to: the closest to ready; null for none. */
export function readiest<Place>(
  places: readonly Place[],
  warmthOf: (place: Place) => Warmth,
): Place | null {
  const rank = (place: Place) => order.indexOf(warmthOf(place))
  return [...places].sort((a, b) => rank(a) - rank(b))[0] ?? null
}

const mostTold = 5

/** The first few of many sentences, and how many there are more. */
export function firstFew(sentences: readonly string[]): string {
  const more = sentences.length - mostTold
  return [...sentences.slice(0, mostTold), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
}

/** How many upstreams answer, and what is wrong with the others. `noun`: one of them. */
export function answeringState(states: readonly ProviderState[], noun: string): ProviderState {
  const wrong = states.filter(({ kind }) => kind !== 'works').map(({ sentence }) => sentence)
  const nouns = states.length === 1 ? noun : `${noun}s`
  const counted = `${states.length - wrong.length} of ${states.length} ${nouns} answering.`
  if (wrong.length === 0) return { kind: 'works', sentence: counted }
  return { kind: 'trouble', sentence: `${counted} ${firstFew(wrong)}` }
}
