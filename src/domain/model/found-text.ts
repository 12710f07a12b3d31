import type { Match } from './search.ts'
import { normalized, type Searched } from './search-text.ts'

/** A text of a model that a search found, around the word. */
export interface FoundText {
  readonly label: string
  readonly before: string
  readonly word: string
  readonly after: string
}

/** So much of a README is looked through, and so much is shown before and after the word. */
const mostUnits = 8_000
const around = { before: 40, after: 80 }

/** The text that matched, for what is not on a card: an input, an example, or a README. */
export function foundText(texts: Searched, match: Match): FoundText | null {
  if (match.text === 'name' || match.text === 'description') return null
  if (match.text === 'readme') {
    const readme = (texts.readme ?? '').slice(0, mostUnits).replace(/[*_`#>|[\]\s]+/g, ' ')
    return excerptOf('README', readme, match.word)
  }
  const input = texts.inputs.find((name) => normalized(name).includes(match.word))
  if (input !== undefined) return excerptOf('Input', input, match.word)
  const example = texts.examples.find((text) => normalized(text).includes(match.word))
  return example === undefined ? null : excerptOf('Example', example, match.word)
}

function excerptOf(label: string, text: string, word: string): FoundText | null {
  const plain = text.toLowerCase().includes(word) ? text : normalized(text)
  const at = plain.toLowerCase().indexOf(word)
  if (at < 0) return null
  const start = Math.max(0, at - around.before)
  const end = at + word.length + around.after
  return {
    label,
    before: (start > 0 ? '…' : '') + plain.slice(start, at).toWellFormed(),
    word: plain.slice(at, at + word.length),
    after: plain.slice(at + word.length, end).toWellFormed() + (end < plain.length ? '…' : ''),
  }
}
