import { normalized, type plainTexts, unspaced } from './search-text.ts'
import { similarWord } from './similar-words.ts'

/** A text of a model, in the order in which matches in them count. */
type SearchedText = 'name' | 'description' | 'inputs' | 'readme'

/** How a model matches a query. */
export interface Match {
  /** From 0 to 1: 1 when every word is a word of its name. */
  readonly score: number
  /** The text and the word of the weakest match. */
  readonly text: SearchedText
  readonly word: string
}

export interface Found<T> {
  readonly model: T
  readonly score: number
  /** Null for an empty query. */
  readonly match: Match | null
}

/** Units and words of a query; more are left out. */
const mostUnits = 200
const mostWords = 10

/** The words of a query, normalized. Scripts without spaces are words of their own. */
export function queryWords(query: string): readonly string[] {
  const spaced = normalized(query.slice(0, mostUnits)).replace(unspaced, ' $& ')
  const words = spaced.split(' ').filter((word) => word !== '')
  return [...new Set(words)].slice(0, mostWords)
}

const weights = { name: 1, description: 0.5, inputs: 0.3, readme: 0.2 }
const plain = ['name', 'description', 'inputs'] as const

/** Of a match inside a word, at its beginning, and of a similar word: in parts of that of the word itself. */
const partial = { inside: 0.9, beginning: 0.95, similar: 0.6 }

export interface Matching {
  /** Whether the README has every word that no other text has. */
  readonly inReadme: boolean
  /** Whether a similar word counts. */
  readonly similar: boolean
}

/** How normalized texts match all words of a query; null when a word is in none of them. */
export function matchOf(
  texts: ReturnType<typeof plainTexts>,
  words: readonly string[],
  { inReadme, similar }: Matching,
): Match | null {
  let sum = 0
  let weakest: Match | null = null
  for (const word of words) {
    const match =
      exactly(texts, word) ??
      (similar ? similarly(texts, word) : null) ??
      (inReadme ? { score: weights.readme, text: 'readme' as const, word } : null)
    if (!match) return null
    sum += match.score
    if (!weakest || match.score < weakest.score) weakest = match
  }
  return weakest && { ...weakest, score: sum / words.length }
}

function exactly(texts: ReturnType<typeof plainTexts>, word: string): Match | null {
  for (const text of plain) {
    const spaced = ` ${texts[text]} `
    if (spaced.includes(` ${word} `)) return { score: weights[text], text, word }
    if (spaced.includes(` ${word}`)) return { score: weights[text] * partial.beginning, text, word }
    if (spaced.includes(word)) return { score: weights[text] * partial.inside, text, word }
  }
  return null
}

function similarly(texts: ReturnType<typeof plainTexts>, word: string): Match | null {
  for (const text of plain) {
    const found = similarWord(word, texts[text].split(' '))
    if (found !== null) return { score: weights[text] * partial.similar, text, word: found }
  }
  return null
}

/** Best first, else in the given order. */
export function byScore<T>(found: readonly Found<T>[]): Found<T>[] {
  return found.toSorted((a, b) => b.score - a.score)
}
