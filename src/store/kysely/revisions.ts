import { type Kysely, sql } from 'kysely'
import type { Status } from '../../domain/prediction/prediction.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import type { Revision } from '../store.ts'
import { isPostgres } from './database.ts'
import type { Tables } from './tables.ts'

interface Row {
  readonly id: string
  readonly revision: number
  readonly status: Status
  readonly owner: string | null
  readonly beneath: number | null
}

/** How far predictions have come. One statement, whose text is the same however many there are. */
export async function readRevisions(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Revision>> {
  const among = isPostgres(db)
    ? sql`= any(${ids}::text[])`
    : sql`in (select value from json_each(${JSON.stringify(ids)}))`
  const { rows } = await sql<Row>`
    select id, revision, status, owner, (
      select sum(1 + sub_runs.revision) from predictions as sub_runs
      where sub_runs.parent = predictions.id
    ) as beneath
    from predictions where id ${among}`.execute(db)
  return new Map(rows.map((row) => [row.id, revisionOf(row)]))
}

function revisionOf({ revision, status, owner, beneath }: Row): Revision {
  const waits = owner === null && !isSettled({ status })
  return { revision, beneath: Number(beneath ?? 0), waits }
}
