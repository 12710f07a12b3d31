import { setImmediate } from 'node:timers/promises'
import type { PredictionFilter, Store } from '../../store/store.ts'

/** The most predictions that are counted before a deletion. */
export const mostCounted = 10_000

/** How many predictions a filter finds: `mostCounted` for as many or more. */
export async function countFound(
  store: Pick<Store, 'page'>,
  filter: PredictionFilter,
): Promise<number> {
  let count = 0
  let before: string | null = null
  do {
    const page = await store.page(filter, 200, before)
    count += page.predictions.length
    before = page.next
    await setImmediate()
  } while (before !== null && count < mostCounted)
  return Math.min(count, mostCounted)
}
