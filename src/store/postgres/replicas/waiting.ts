import { type Kysely, sql } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Tables } from '../../kysely/tables.ts'

/** As in the condition of the indexes of queues. */
const waits = sql`owner is null and status in ('starting', 'processing')`

/** Every model for which a prediction waits: one step along the index for each. */
export async function findWaitingModels(db: Kysely<Tables>): Promise<readonly ModelRef[]> {
  const { rows } = await sql<ModelRef>`
    with recursive models (owner, name) as (
      (
        select model_owner, model_name from predictions where ${waits}
        order by model_owner, model_name limit 1
      )
      union all
      select next.* from models cross join lateral (
        select model_owner, model_name from predictions
        where ${waits} and (model_owner, model_name) > (models.owner, models.name)
        order by model_owner, model_name limit 1
      ) as next
    )
    select owner, name from models`.execute(db)
  return rows
}

/** The server that accepted a prediction ends it in time, if it lives. */
const graceMs = 1_000

export async function findOverdue(db: Kysely<Tables>, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from predictions
    where ${waits} and deadline < extract(epoch from clock_timestamp()) * 1000 - ${graceMs}::bigint
    order by deadline limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}
