import { byScore, type Found, type Matching, matchOf, queryWords } from '../domain/model/search.ts'
import { type Indexable, partsOf, partsOfWhole } from '../domain/model/search-text.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import { modelName } from '../domain/model-ref.ts'
import { within } from '../sleep.ts'
import type { Store } from '../store/store.ts'
import { createTextIndex } from './text-index.ts'

/** The most models that a search finds. */
export const mostFound = 200

/** Similar words are looked for when there are so many at most. */
const mostSimilarWords = 5

/** How long a search waits for models that are not in the index yet, in milliseconds. */
const indexMs = 2_000

/** Models that are not in it by then are searched without it, so many at most. */
const mostUnindexed = 300

export type ModelSearch = Awaited<ReturnType<typeof openModelSearch>>

/** The parts of the server that the search uses. */
export interface ModelSearchOptions {
  readonly store: Pick<Store, 'seenModels' | 'seeModels' | 'indexModels' | 'findModels'>
  readonly now: () => number
  readonly failed: (error: unknown) => void
}

/** The search for models, over an index in the store that follows the models it is given. */
export async function openModelSearch(options: ModelSearchOptions) {
  const { store } = options
  const index = createTextIndex(options, await store.seenModels())

  /** The names of models that have every word in some text; in the README alone, those come last. */
  async function withWords(words: readonly string[]): Promise<Map<string, Matching>> {
    const parts = [...new Set(words.flatMap(partsOf))]
    const names = new Map<string, Matching>()
    for (const fields of [['name'], plainFields, allFields] as const) {
      if (names.size >= mostFound) break
      const found = await store.findModels({ parts, fields, least: parts.length, most: mostFound })
      const matching = { inReadme: fields === allFields, similar: false }
      add(names, found, matching)
    }
    return names
  }

  /** The names of models with words that may be similar to these. */
  async function withSimilar(words: readonly string[]): Promise<Map<string, Matching>> {
    const names = new Map<string, Matching>()
    for (const word of words) {
      const parts = partsOfWhole(word)
      const least = Math.max(1, Math.floor(parts.length / 3))
      const found = await store.findModels({ parts, fields: plainFields, least, most: mostFound })
      add(names, found, { inReadme: false, similar: true })
    }
    return names
  }

  return {
    firstSeen: index.firstSeen,
    /** Keeps when models were first seen, and begins to index those that are new or have changed. */
    note: index.note,
    /**
     * The models that match a query, best first, else in the given order; all for an empty query. Those
     * with similar words are added when none has the words themselves outside of its README.
     */
    async find<T extends Indexable>(models: readonly T[], query: string): Promise<Found<T>[]> {
      const words = queryWords(query)
      if (words.length === 0)
        return query.trim() === '' ? models.map((model) => ({ model, score: 1, match: null })) : []
      await within(indexMs, index.note(models))
      const exact = await withWords(words)
      const found = byScore(matching(models, words, exact))
      const isEnough = found.some(({ match }) => match?.text !== 'readme')
      if (isEnough || words.length > mostSimilarWords) return found.slice(0, mostFound)
      const similar = byScore(matching(models, words, await withSimilar(words)))
      const known = new Set(found.map(({ model }) => model))
      return [...found, ...similar.filter(({ model }) => !known.has(model))].slice(0, mostFound)
    },
  }

  function matching<T extends Indexable>(
    models: readonly T[],
    words: readonly string[],
    names: ReadonlyMap<string, Matching>,
  ): Found<T>[] {
    let left = mostUnindexed
    return models.flatMap((model) => {
      const isUnindexed = !index.isIndexed(model) && left-- > 0
      const how = names.get(modelName(model.ref)) ?? (isUnindexed ? unindexed : null)
      const match = how && matchOf(index.textsOf(model), words, how)
      return match ? [{ model, score: match.score, match }] : []
    })
  }
}

const plainFields = ['name', 'description', 'inputs'] as const
const allFields = [...plainFields, 'readme'] as const
const unindexed: Matching = { inReadme: false, similar: true }

function add(names: Map<string, Matching>, found: readonly ModelRef[], how: Matching): void {
  for (const ref of found) {
    const name = modelName(ref)
    if (!names.has(name)) names.set(name, how)
  }
}
