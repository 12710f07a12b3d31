import { type Kysely, sql } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Tables } from '../../kysely/tables.ts'

/** How many predictions of a model run, by the deployment that they were sent to; `null` for none. */
export async function runningOf(
  db: Kysely<Tables>,
  { owner, name }: ModelRef,
  replica: string | null,
): Promise<Map<string | null, number>> {
  const rows = await db
    .selectFrom('predictions')
    .select('deployment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .where('owner', replica === null ? 'is not' : '=', replica)
    .groupBy('deployment')
    .execute()
  return new Map(rows.map(({ deployment, count }) => [deployment, count]))
}

/** How many predictions of each of these people run, in all models. Sub-runs do not count. */
export async function runningOfPeople(
  db: Kysely<Tables>,
  people: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ person: string; count: number }>`
    select created_by as person, count(*) as count from predictions
    where owner is not null and parent is null and created_by = any(${people}::text[])
    group by created_by`.execute(db)
  return new Map(rows.map(({ person, count }) => [person, count]))
}
