import { LRUCache } from 'lru-cache'

/** Results that are kept by key. */
export interface Memo<Value> {
  /** The result of `load`. Simultaneous calls with one key share a load; a failed one is not kept. */
  read(key: string, load: () => Promise<Value>): Promise<Value>
  /** Drops a result. A load under way goes on for those who wait for it, and is not kept. */
  forget(key: string): void
  /** The same for all keys. */
  clear(): void
}

/** The size of an entry while it is loading, or of an empty result. */
const leastSize = 100

/** Keeps results up to a size in all, those that were read last. `sizeOf` is the size of one. */
export function createMemo<Value>(most: number, sizeOf: (value: Value) => number): Memo<Value> {
  const kept = new LRUCache<string, Promise<Value>>({ maxSize: most })

  async function settle(key: string, loading: Promise<Value>): Promise<void> {
    const size = await loading.then(sizeOf, () => null)
    if (kept.peek(key) !== loading) return
    // Set again, an entry would keep its size.
    kept.delete(key)
    if (size !== null) kept.set(key, loading, { size: leastSize + key.length + size })
  }

  return {
    read(key, load) {
      const known = kept.get(key)
      if (known) return known
      const loading = load()
      kept.set(key, loading, { size: leastSize + key.length })
      void settle(key, loading)
      return loading
    },
    forget: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}
