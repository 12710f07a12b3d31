import { LRUCache } from 'lru-cache'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'
import { mostUnits, unitsOf } from './settled-cache.ts'

/**
 * Reads predictions that other replicas may change: of one that is kept, only whether it is still the same. So
 * nothing is shown that was removed, or made private, before it was asked for.
 */
export function createSharedCache(store: Pick<Store, 'find' | 'revisionsOf'>) {
  const cache = new LRUCache<string, Prediction>({ maxSize: mostUnits, sizeCalculation: unitsOf })

  async function isCurrent({ id, revision }: Prediction): Promise<boolean> {
    return (await store.revisionsOf([id])).get(id)?.revision === revision
  }

  return {
    add(prediction: Prediction): void {
      cache.set(prediction.id, prediction)
    },
    async find(id: string): Promise<Prediction | null> {
      const known = cache.get(id)
      if (known && (await isCurrent(known))) return known
      const found = await store.find(id)
      if (found) cache.set(id, found)
      else cache.delete(id)
      return found
    },
    /** The same from memory alone. */
    known: (id: string): Prediction | null => cache.peek(id) ?? null,
    /** To be called after the prediction is removed from the store, or changed there. */
    remove(id: string): void {
      cache.delete(id)
    },
  }
}
