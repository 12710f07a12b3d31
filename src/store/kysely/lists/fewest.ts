import { type Kysely, sql } from 'kysely'
import type { PredictionFilter } from '../../store.ts'
import { withinTimes } from '../conditions.ts'
import type { Tables } from '../tables.ts'
import type { Way } from './parts.ts'
import { rowsOf } from './together.ts'

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
  const counts = conditions.map(() => 0)
  for (const { at, found } of await countsOf(db, filter, conditions, most))
    counts[at] = (counts[at] ?? 0) + Number(found)
  const least = Math.min(...counts)
  return least < most ? (conditions[counts.indexOf(least)] ?? null) : null
}

/** How many rows each part of an index has, at most `most`, with the place of its condition. */
function countsOf(
  db: Kysely<Tables>,
  filter: PredictionFilter,
  conditions: readonly (readonly Way[])[],
  most: number,
) {
  const counts = conditions.flatMap((ways, at) =>
    ways.map(({ where }) => {
      const rows = withinTimes(db.selectFrom('predictions').select('id'), filter)
        .where((eb) => eb.and(where(eb)))
        .limit(sql.lit(most))
      return db
        .selectFrom(rows.as('rows'))
        .select(({ fn }) => [sql.lit(at).as('at'), fn.countAll<number>().as('found')])
    }),
  )
  return rowsOf(db, counts)
}
