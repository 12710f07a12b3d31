import type { Choice } from './judgement.ts'

/** Two predictions of a group that are compared, with the sides on which they are shown. */
export interface Pair {
  readonly left: string
  readonly right: string
}

/** The most predictions of a group that are compared, each with each. */
const mostCompared = 30

/**
 * All pairs of some predictions, in an order and with sides that look random but are the same each time for one
 * viewer: so the sides tell nothing, and going back shows the same pair.
 */
export function shuffledPairs(predictions: readonly string[], judge: string): Pair[] {
  const pairs: { readonly key: number; readonly pair: Pair }[] = []
  const some = predictions.slice(0, mostCompared)
  for (const [at, one] of some.entries())
    for (const other of some.slice(at + 1)) {
      const [first, second] = inOrder(one, other)
      const key = hashOf(`${judge} ${first} ${second}`)
      const isSwapped = (key & 1) === 1
      const pair = isSwapped ? { left: second, right: first } : { left: first, right: second }
      pairs.push({ key, pair })
    }
  return pairs.sort((a, b) => a.key - b.key).map(({ pair }) => pair)
}

/** The first pair that was not chosen from yet; null when all were. */
export function nextPair(pairs: readonly Pair[], choices: readonly Choice[]): Pair | null {
  const done = new Set(choices.map(({ first, second }) => `${first.id} ${second.id}`))
  return pairs.find(({ left, right }) => !done.has(inOrder(left, right).join(' '))) ?? null
}

/** Two ids in their alphabetical order. */
export function inOrder(one: string, other: string): readonly [string, string] {
  return one < other ? [one, other] : [other, one]
}

/** How often each prediction was chosen over another, and another over it. */
export function tally(
  choices: readonly Choice[],
): ReadonlyMap<string, { won: number; of: number }> {
  const counted = new Map<string, { won: number; of: number }>()
  const count = (id: string, won: boolean) => {
    const before = counted.get(id) ?? { won: 0, of: 0 }
    counted.set(id, { won: before.won + (won ? 1 : 0), of: before.of + 1 })
  }
  for (const { first, second, better } of choices) {
    if (better === 'same') continue
    count(first.id, better === 'first')
    count(second.id, better === 'second')
  }
  return counted
}

/** FNV-1a, of 32 bits, with its low bits mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return (hash ^ (hash >>> 15)) >>> 0
}
