import { sql, type Transaction } from 'kysely'
import { atOnce } from '../../../postgres/at-once.ts'
import type { Tables } from '../../kysely/tables.ts'
import { addLanes, lanesOfPeople, lockLanes } from './lanes.ts'

/**
 * Locks the lanes of people until the transaction ends. Resolves with how many predictions of each of them run,
 * in all models. Sub-runs do not count.
 */
export async function lockAndCount(
  trx: Transaction<Tables>,
  people: readonly string[],
): Promise<Map<string, number>> {
  const lanes = lanesOfPeople(people)
  for (;;) {
    const [isLocked, counts] = await atOnce([lockLanes(trx, lanes), runningOf(trx, people)])
    if (isLocked) return counts
    await addLanes(trx, lanes)
  }
}

async function runningOf(
  trx: Transaction<Tables>,
  people: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ person: string; count: number }>`
    select created_by as person, count(*) as count from predictions
    where owner is not null and parent is null and created_by = any(${people}::text[])
    group by created_by`.execute(trx)
  return new Map(rows.map(({ person, count }) => [person, count]))
}
