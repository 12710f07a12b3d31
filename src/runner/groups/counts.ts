import { isSettled, statuses } from '../../domain/prediction/prediction.ts'
import { within } from '../../sleep.ts'
import type { Store } from '../../store/store.ts'

export type Counts = ReturnType<typeof createCounts>

/** How many runs of a group were made, and are not settled. Counted once, and then kept in step. */
export function createCounts(group: string, store: Pick<Store, 'countsOf'>) {
  let known: { made: number; unsettled: number } | null = null
  let events = 0
  let seen = 0
  let next = Promise.withResolvers<void>()

  async function count() {
    const { made = {} } = (await store.countsOf([group])).get(group) ?? {}
    const sum = (some: (typeof statuses)[number][]) =>
      some.reduce((total, status) => total + (made[status] ?? 0), 0)
    const unsettled = statuses.filter((status) => !isSettled({ status }))
    return { made: sum([...statuses]), unsettled: sum(unsettled) }
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
      if (known) known = { made: known.made + runs, unsettled: known.unsettled + runs }
    },
    /** One of them ended: perhaps before it was known to be made. */
    ended(): void {
      if (known) known = { made: known.made, unsettled: known.unsettled - 1 }
      wake()
    },
    wake,
    /** Resolves when one has ended since they were read; after `ms`, when they are counted again. */
    async change(ms: number): Promise<void> {
      if (events !== seen) return
      const ended = next.promise.then(() => true)
      if ((await within(ms, ended)) === undefined) known = null
    },
  }
}
