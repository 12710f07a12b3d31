import { LRUCache } from 'lru-cache'
import type { Json } from '../../domain/json/json.ts'
import { jsonLength } from '../../domain/json/walk.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'

/** The text of all cached predictions together, at most, in UTF-16 units. */
export const mostUnits = 4 * 2 ** 20

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
    /** The same from memory alone. */
    known: (id: string): Prediction | null => cache.peek(id) ?? null,
    /** To be called after the prediction is removed from the store, or changed there. */
    remove(id: string): void {
      removals++
      cache.delete(id)
    },
  }
}

/** The approximate length of a prediction as text. */
export function unitsOf({ input, output, logs }: Prediction): number {
  const json = (value: Json) => jsonLength(value, mostUnits)
  return 1_000 + logs.length + json(input) + json(output)
}
