import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import {
  type Indexable,
  indexedTexts,
  plainTexts,
  type Searched,
  searchedOf,
} from '../domain/model/search-text.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { SeenModel } from '../store/store.ts'
import type { ModelSearchOptions } from './model-search.ts'

/** Changes with what the index holds of a text, so that a new version of ours makes it anew. */
const indexVersion = '1'

/** Models are indexed so many at a time: each takes up to two milliseconds. */
const batch = 2
const mostTexts = 1_000

/** The index state of a model that was seen. */
interface Known {
  readonly seenAt: number
  readonly signature: string | null
  /** The model that the signature is of; undefined before it was compared. */
  readonly model?: Indexable
}

/** Keeps the index of the store up to date with the models of the moment. */
export function createTextIndex(
  { store, now, failed }: ModelSearchOptions,
  seen: readonly SeenModel[],
) {
  const known = new Map<string, Known>(seen.map(({ ref, ...rest }) => [modelName(ref), rest]))
  const texts = new LRUCache<string, { readonly of: Indexable; readonly plain: PlainTexts }>({
    max: mostTexts,
  })
  let waiting: readonly Indexable[] = []
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, batch)
      waiting = waiting.slice(batch)
      await indexSome(some)
    }
  }

  async function indexSome(models: readonly Indexable[]): Promise<void> {
    const at = now()
    const signed = models.map((model) => ({ model, signature: signatureOf(searchedOf(model)) }))
    const changed = signed.filter(
      ({ model, signature }) => known.get(modelName(model.ref))?.signature !== signature,
    )
    const entries = changed.map(({ model, signature }) => {
      return { ref: model.ref, signature, texts: indexedTexts(searchedOf(model)) }
    })
    if (entries.length > 0) await store.indexModels(entries, at)
    else await nextTurn()
    for (const { model, signature } of signed) {
      const name = modelName(model.ref)
      known.set(name, { seenAt: known.get(name)?.seenAt ?? at, signature, model })
    }
  }

  /** Whether the index holds the texts of a model as they are now. */
  function isIndexed(model: Indexable): boolean {
    const before = known.get(modelName(model.ref))?.model
    return before !== undefined && isSame(before, model)
  }

  return {
    isIndexed,
    firstSeen: (ref: ModelRef): number | null => known.get(modelName(ref))?.seenAt ?? null,
    /** Resolves when these models are in the index. Never rejects: a later call tries again. */
    async note(models: readonly Indexable[]): Promise<void> {
      const stale = models.filter((model) => !isIndexed(model))
      if (stale.length === 0) return running ?? undefined
      await see(stale.map(({ ref }) => ref).filter((ref) => !known.has(modelName(ref))))
      waiting = stale
      running ??= run()
        .catch(failed)
        .finally(() => {
          waiting = []
          running = null
        })
      return running
    },
    textsOf(model: Indexable): PlainTexts {
      const kept = texts.get(modelName(model.ref))
      if (kept && isSame(kept.of, model)) return kept.plain
      const plain = plainTexts(searchedOf(model))
      texts.set(modelName(model.ref), { of: model, plain })
      return plain
    },
  }

  /** All that are new were seen at one moment, however long it takes to index them. */
  async function see(refs: readonly ModelRef[]): Promise<void> {
    if (refs.length === 0) return
    const at = now()
    for (const ref of refs) known.set(modelName(ref), { seenAt: at, signature: null })
    await store.seeModels(refs, at).catch(failed)
  }
}

type PlainTexts = ReturnType<typeof plainTexts>

function isSame(one: Indexable, other: Indexable): boolean {
  return (
    one.version.schema === other.version.schema &&
    one.examples === other.examples &&
    one.tags === other.tags &&
    one.description === other.description &&
    one.readme === other.readme
  )
}

function signatureOf({ description, readme, inputs, examples }: Searched): string {
  const signed = JSON.stringify([indexVersion, description, readme, inputs, examples])
  return createHash('sha256').update(signed).digest('base64url')
}
