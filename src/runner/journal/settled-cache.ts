import { LRUCache } from 'lru-cache'
import { formatJson } from '../../domain/json/format.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { isSettled } from '../../domain/prediction/status.ts'
import type { Store } from '../../store/store.ts'

/** Text of all cached predictions together, in UTF-16 units. */
const mostUnits = 8 * 2 ** 20

/** Reads predictions, and keeps the settled ones that were read or added last: they never change. */
export function createSettledCache(store: Pick<Store, 'find'>) {
  const cache = new LRUCache<string, Prediction>({ maxSize: mostUnits, sizeCalculation: unitsOf })
  let removals = 0

  return {
    add(prediction: Prediction): void {
      cache.set(prediction.id, prediction)
    },
    async find(id: string): Promise<Prediction | null> {
      const known = cache.get(id)
      if (known) return known
      const before = removals
      const found = await store.find(id)
      // During a removal, `found` may be the prediction that is being removed.
      if (found && isSettled(found) && removals === before) cache.set(id, found)
      return found
    },
    /** To be called after the prediction is removed from the store. */
    remove(id: string): void {
      removals++
      cache.delete(id)
    },
  }
}

/** The approximate length of a prediction as text. */
function unitsOf({ input, output, logs }: Prediction): number {
  return 1_000 + logs.length + formatJson(input).length + formatJson(output).length
}
