/** A part of a text that was changed into another. */
export interface WordChange {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** More comparisons than this, and the texts count as wholly different where they differ. */
const mostCells = 40_000

/** How one text became another, word by word: what is removed stands before what is added. */
export function wordChanges(before: string, after: string): WordChange[] {
  const [was, is] = [wordsIn(before), wordsIn(after)]
  const start = sharedLength(was, is)
  const end = sharedLength(was.slice(start).reverse(), is.slice(start).reverse())
  return [
    ...change('same', was.slice(0, start)),
    ...middle(was.slice(start, was.length - end), is.slice(start, is.length - end)),
    ...change('same', was.slice(was.length - end)),
  ]
}

/** Words, and the spaces between them. */
function wordsIn(text: string): string[] {
  return text.match(/\S+|\s+/g) ?? []
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, index) => word !== b[index])
  return differs === -1 ? a.length : differs
}

function change(kind: WordChange['kind'], words: readonly string[]): WordChange[] {
  return words.length === 0 ? [] : [{ kind, text: words.join('') }]
}

/** By the longest common subsequence of words. */
function middle(was: readonly string[], is: readonly string[]): WordChange[] {
  if (was.length * is.length > mostCells || was.length === 0 || is.length === 0)
    return [...change('removed', was), ...change('added', is)]
  const kept = commonWords(was, is)
  const changes: WordChange[] = []
  let [a, b] = [0, 0]
  for (const [nextA, nextB] of [...kept, [was.length, is.length] as const]) {
    changes.push(...change('removed', was.slice(a, nextA)), ...change('added', is.slice(b, nextB)))
    changes.push(...change('same', was.slice(nextA, nextA + 1)))
    ;[a, b] = [nextA + 1, nextB + 1]
  }
  return joined(changes)
}

/** The places of the words of a longest common subsequence in both lists. */
function commonWords(was: readonly string[], is: readonly string[]): [number, number][] {
  const width = is.length + 1
  // Of the ends of both lists from each pair of places.
  const lengths = new Uint16Array((was.length + 1) * width)
  const at = (a: number, b: number) => lengths[a * width + b] ?? 0
  for (let a = was.length - 1; a >= 0; a--)
    for (let b = is.length - 1; b >= 0; b--)
      lengths[a * width + b] =
        was[a] === is[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1))
  const found: [number, number][] = []
  for (let a = 0, b = 0; a < was.length && b < is.length; ) {
    if (was[a] === is[b]) found.push([a++, b++])
    else if (at(a + 1, b) >= at(a, b + 1)) a++
    else b++
  }
  return found
}

/** With neighbours of one kind as one part. */
function joined(changes: readonly WordChange[]): WordChange[] {
  const parts: WordChange[] = []
  for (const { kind, text } of changes) {
    const last = parts.at(-1)
    if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text }
    else parts.push({ kind, text })
  }
  return parts
}
