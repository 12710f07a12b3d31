import { diffArrays } from 'diff'

/** A part of a text that was changed into another. */
export interface WordChange {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** The most edits that are looked for between two lists. */
const mostEdits = 200

/** Bounds the edits times the words of one comparison, and with them its time. */
const mostSteps = 200_000

/**
 * How one text became another, word by word: what is removed stands before what is added. Texts in which more
 * changed than can be looked for in a few milliseconds count as wholly different there.
 */
export function wordChanges(before: string, after: string): WordChange[] {
  const budget = { steps: mostSteps }
  const changes: WordChange[] = []
  let removed = ''
  for (const change of changesOf(sentencesIn(before), sentencesIn(after), budget)) {
    // Sentences that were added behind removed ones are in their place.
    if (change.kind === 'added')
      changes.push(...changesOf(wordsIn(removed), wordsIn(change.text), budget))
    else if (removed !== '') changes.push({ kind: 'removed', text: removed })
    removed = change.kind === 'removed' ? change.text : ''
    if (change.kind === 'same') changes.push(change)
  }
  if (removed !== '') changes.push({ kind: 'removed', text: removed })
  return joined(changes)
}

/** Lines, and the sentences of a line. */
function sentencesIn(text: string): string[] {
  return text.split(/(?<=\n|[.!?] )/)
}

/** Words, and the spaces between them. */
function wordsIn(text: string): string[] {
  return text.match(/\S+|\s+/g) ?? []
}

function changesOf(was: string[], is: string[], budget: { steps: number }): WordChange[] {
  const length = was.length + is.length
  const maxEditLength = Math.min(mostEdits, Math.floor(budget.steps / length))
  const parts = diffArrays(was, is, { maxEditLength })
  const edits = parts?.reduce((sum, one) => sum + (one.added || one.removed ? one.count : 0), 0)
  budget.steps = Math.max(0, budget.steps - length * (edits ?? maxEditLength))
  if (!parts) return [...change('removed', was), ...change('added', is)]
  return parts.flatMap(({ value, added, removed }) =>
    change(added ? 'added' : removed ? 'removed' : 'same', value),
  )
}

function change(kind: WordChange['kind'], words: readonly string[]): WordChange[] {
  const text = words.join('')
  return text === '' ? [] : [{ kind, text }]
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
