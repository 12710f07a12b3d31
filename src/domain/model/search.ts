import { type ModelRef, modelName } from '../model-ref.ts'

/** The searchable part of a model. */
export interface Searched {
  readonly ref: ModelRef
  readonly description: string
}

export interface Found<T> {
  readonly model: T
  /** From 0 to 1: 1 when every word is in its name. */
  readonly score: number
}

/**
 * The models with every word of the query in their name or description, best first, else in their
 * given order. All models for an empty query.
 */
export function findModels<T extends Searched>(models: readonly T[], query: string): Found<T>[] {
  const asked = query.slice(0, mostQueryUnits).toLowerCase().split(/\s+/)
  const words = [...new Set(asked)].filter((word) => word !== '')
  return models
    .flatMap((model) => {
      const score = scoreOf(model, words)
      return score === null ? [] : [{ model, score }]
    })
    .sort((a, b) => b.score - a.score)
}

/** The most words that are searched for. */
const mostQueryUnits = 200

const descriptionScore = 0.4

/** The score of a model; null when a word is missing. */
function scoreOf({ ref, description }: Searched, words: readonly string[]): number | null {
  if (words.length === 0) return 1
  const name = modelName(ref).toLowerCase()
  const text = description.toLowerCase()
  let sum = 0
  for (const word of words) {
    if (name.includes(word)) sum += 1
    else if (text.includes(word)) sum += descriptionScore
    else return null
  }
  return sum / words.length
}
