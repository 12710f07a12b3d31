import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { createIdentities } from '../request/identities.ts'
import { modelsKey } from '../request/rights.ts'
import { usableModels } from '../request/usable-models.ts'

/**
 * Beside a file that it made, a prediction names the models that take one. Returns a number that
 * stays the same while the models are the same that the viewer may see; 0 when no model is
 * named.
 */
export function createRelatedModels({ runner }: Pick<Deps, 'runner'>) {
  const numberOf = createIdentities()
  const named = new WeakMap<Prediction, boolean>()
  const lists = new LRUCache<string, readonly Model[]>({ max: 100 })

  function namesModels(prediction: Prediction): boolean {
    const known =
      named.get(prediction) ?? (isSettled(prediction) && madeFiles(prediction).length > 0)
    named.set(prediction, known)
    return known
  }

  return async function relatedModels(prediction: Prediction, viewer: Viewer): Promise<number> {
    if (!namesModels(prediction)) return 0
    const models = await usableModels({ runner }, viewer).all()
    const key = modelsKey({ runner }, viewer)
    const before = lists.get(key)
    const isSame =
      before?.length === models.length && models.every((model, at) => before[at] === model)
    if (before && isSame) return numberOf(before)
    lists.set(key, models)
    return numberOf(models)
  }
}
