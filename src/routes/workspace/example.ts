import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName, sameModel } from '../../domain/model-ref.ts'
import { hasSucceeded, type Prediction } from '../../domain/prediction/prediction.ts'

/** How long the choice of the oldest example is taken for current, in milliseconds. */
const freshMs = 2_000

/**
 * The prediction that a model’s page opens with: the one that its operator chose; else, for a model
 * that brings no output of its own, the oldest that was added to its examples. Null without one.
 * Only predictions that everyone may see who sees the model are taken.
 */
export function createFindExample({ runner, store, now }: Pick<Deps, 'runner' | 'store' | 'now'>) {
  const oldest = new LRUCache<string, { readonly id: string | null; readonly at: number }>({
    max: 1_000,
  })

  async function oldestOf(model: Model): Promise<string | null> {
    const name = modelName(model.ref)
    const known = oldest.get(name)
    if (known && Math.abs(now() - known.at) < freshMs) return known.id
    const examples = await store.examplesOf(model.ref)
    const first = examples.find((one) => hasSucceeded(one) && isPublic(one))
    const id = first?.id ?? null
    oldest.set(name, { id, at: now() })
    return id
  }

  async function usable(id: string | null, model: Model): Promise<Prediction | null> {
    const found = id === null ? null : await runner.find(id)
    if (!found || !hasSucceeded(found) || !isPublic(found)) return null
    return sameModel(found.model, model.ref) ? found : null
  }

  return async function findExample(model: Model): Promise<Prediction | null> {
    const chosen = await usable(model.defaultExample, model)
    if (chosen || model.exampleOutput) return chosen
    return usable(await oldestOf(model), model)
  }
}

function isPublic({ visibility }: Pick<Prediction, 'visibility'>): boolean {
  return visibility === 'public'
}
