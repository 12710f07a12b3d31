import { isDeepStrictEqual } from 'node:util'

export type Book<T> = Awaited<ReturnType<typeof openBook<T>>>

/** A small table of the store in memory, in its order. `keyOf` names each row. */
export async function openBook<T>(read: () => Promise<readonly T[]>, keyOf: (one: T) => string) {
  let kept: ReadonlyMap<string, T> = new Map()
  let changes = 0
  await refresh()

  async function refresh(): Promise<readonly T[]> {
    const before = changes
    const found = await read()
    // It may miss what was saved here in the meantime.
    if (changes !== before) return refresh()
    const previous = kept
    kept = new Map(found.map((one) => [keyOf(one), equalOr(previous.get(keyOf(one)), one)]))
    const changed = [...kept].filter(([key, one]) => previous.get(key) !== one)
    const removed = [...previous].filter(([key]) => !kept.has(key))
    if (changed.length + removed.length > 0) changes++
    return [...changed, ...removed].map(([, one]) => one)
  }

  function change(edit: (rows: Map<string, T>) => void): void {
    const rows = new Map(kept)
    edit(rows)
    kept = rows
    changes++
  }

  return {
    all: () => [...kept.values()],
    find: (key: string): T | null => kept.get(key) ?? null,
    /** How often it has changed. */
    changes: () => changes,
    /** To be called when a row was saved here. */
    set: (one: T) => change((rows) => rows.set(keyOf(one), one)),
    /** To be called when a row was removed here. */
    delete: (key: string) => change((rows) => rows.delete(key)),
    /**
     * Reads all rows again, which another replica may have changed. Those that are equal stay the same objects, so
     * that what was drawn of them stays valid. Resolves with the others.
     */
    refresh,
  }
}

function equalOr<T>(before: T | undefined, now: T): T {
  return before !== undefined && isDeepStrictEqual(before, now) ? before : now
}
