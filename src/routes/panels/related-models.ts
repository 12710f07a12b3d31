import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { createIdentities } from '../request/identities.ts'
import { usableModels } from '../request/usable-models.ts'

/**
 * Beside a file that it made, a prediction names the models that take one. Returns a number that
 * stays the same while the models are the same that viewers of a kind may use; 0 when no model is
 * named.
 */
export function createRelatedModels({ runner }: Pick<Deps, 'runner'>) {
  const numberOf = createIdentities()
  const named = new WeakMap<Prediction, boolean>()
  const lists = new Map<boolean, readonly Model[]>()

  function namesModels(prediction: Prediction): boolean {
    const known =
      named.get(prediction) ?? (isSettled(prediction) && madeFiles(prediction).length > 0)
    named.set(prediction, known)
    return known
  }

  return async function relatedModels(prediction: Prediction, operator: boolean): Promise<number> {
    if (!namesModels(prediction)) return 0
    const models = await usableModels({ runner }, { id: '', operator }).all()
    const before = lists.get(operator)
    const isSame =
      before?.length === models.length && models.every((model, at) => before[at] === model)
    if (before && isSame) return numberOf(before)
    lists.set(operator, models)
    return numberOf(models)
  }
}
