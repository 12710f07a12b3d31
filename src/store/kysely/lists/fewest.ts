import type { Kysely } from 'kysely'
import type { PredictionFilter } from '../../store.ts'
import { withinTimes } from '../conditions.ts'
import type { Tables } from '../tables.ts'
import type { Way } from './parts.ts'

/** So few rows are read one by one sooner than the parts of other indexes. */
const few = 1_000

/**
 * The condition that the fewest rows meet within the times of a filter, if those are few: a list with a rare
 * condition then takes as long however many predictions there are.
 */
export async function fewestOf(
  db: Kysely<Tables>,
  filter: PredictionFilter,
  conditions: readonly (readonly Way[])[],
  most = few,
): Promise<readonly Way[] | null> {
  let fewest: readonly Way[] | null = null
  let count = most
  for (const ways of conditions) {
    const found = await countUpTo(db, filter, ways, count)
    if (found < count) fewest = ways
    count = Math.min(count, found)
  }
  return fewest
}

/** How many rows the parts of an index have: `most` when there are as many or more. */
async function countUpTo(
  db: Kysely<Tables>,
  filter: PredictionFilter,
  ways: readonly Way[],
  most: number,
): Promise<number> {
  let count = 0
  for (const { where } of ways) {
    if (count >= most) return most
    const rows = withinTimes(db.selectFrom('predictions').select('id'), filter)
      .where((eb) => eb.and(where(eb)))
      .limit(most - count)
    const { found } = await db
      .selectFrom(rows.as('rows'))
      .select(({ fn }) => fn.countAll<number>().as('found'))
      .executeTakeFirstOrThrow()
    count += Number(found)
  }
  return count
}
