import { isSettled, statuses } from '../../domain/prediction/prediction.ts'
import { within } from '../../sleep.ts'
import type { Store } from '../../store/store.ts'

export type Counts = ReturnType<typeof createCounts>

/** How many runs of a group are not settled, and whether one stands for it in lists. Counted once, and then kept in step. */
export function createCounts(group: string, store: Pick<Store, 'countsOf' | 'keepListed'>) {
  let known: { isListed: boolean; unsettled: number } | null = null
  let events = 0
  let seen = 0
  let next = Promise.withResolvers<void>()

  async function count() {
    const isListed = await store.keepListed(group)
    const { made = {} } = (await store.countsOf([group])).get(group) ?? {}
    const sum = (some: (typeof statuses)[number][]) =>
      some.reduce((total, status) => total + (made[status] ?? 0), 0)
    const unsettled = statuses.filter((status) => !isSettled({ status }))
    return { isListed, unsettled: sum(unsettled) }
  }

  /** Ends a wait. */
  function wake(): void {
    events++
    next.resolve()
    next = Promise.withResolvers()
  }

  return {
    async read() {
      seen = events
      known ??= await count()
      return known
    },
    /** So many were made. */
    made(runs: number): void {
      if (known && runs > 0) known = { isListed: true, unsettled: known.unsettled + runs }
    },
    /** One of them ended: perhaps before it was known to be made. */
    ended(): void {
      if (known) known = { ...known, unsettled: known.unsettled - 1 }
      wake()
    },
    wake,
    /** They are counted again. */
    forget(): void {
      known = null
      wake()
    },
    /** Resolves when one has ended since they were read; after `ms`, when they are counted again. */
    async change(ms: number): Promise<void> {
      if (events !== seen) return
      const ended = next.promise.then(() => true)
      if ((await within(ms, ended)) === undefined) known = null
    },
  }
}
