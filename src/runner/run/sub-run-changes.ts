import type { Journal } from '../journal/journal.ts'

/** Counts the changes of sub-runs for the page of their parent, whose watchers are notified of each. */
export function countChanges(journal: Journal) {
  const parents = new Map<string, string>()
  const counts = new Map<string, number>()

  journal.listen((id) => {
    const parent = parents.get(id)
    if (parent === undefined) return
    counts.set(parent, (counts.get(parent) ?? 0) + 1)
    journal.notify(parent)
  })

  return {
    /** Counts for `parent` the changes of `child`, beginning with its start, until the answer is called. */
    count(child: string, parent: string): () => void {
      parents.set(child, parent)
      journal.notify(child)
      return () => void parents.delete(child)
    },
    under: (parent: string): number => counts.get(parent) ?? 0,
    forget: (parent: string): void => void counts.delete(parent),
  }
}
