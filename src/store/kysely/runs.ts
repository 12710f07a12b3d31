import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../store.ts'
import { isPostgres } from './database.ts'
import { readJson } from './prediction-rows.ts'
import { columnsOf, type Place } from './statement.ts'
import type { RunsRow, Tables } from './tables.ts'

/**
 * Counts of predictions by version, so that no query counts their rows, and the durations of the last
 * runs.
 */
export function createRunStore(
  db: Kysely<Tables>,
): Pick<Store, 'runCounts' | 'lastRunTimes' | 'lastColdStart' | 'usedSince'> {
  return {
    async runCounts() {
      const rows = await db
        .selectFrom('runs')
        .select(['model_owner', 'model_name'])
        .select(({ fn }) => fn.sum('made').as('made'))
        .groupBy(['model_owner', 'model_name'])
        .execute()
      return new Map(
        rows.map(({ model_owner: owner, model_name: name, made }) => [
          modelName({ owner, name }),
          Number(made),
        ]),
      )
    },

    async lastRunTimes(model, limit) {
      const rows = await selectLastRuns(db, model, limit).execute()
      return rows
        .map(({ started_at: startedAt, completed_at: completedAt }) =>
          ranMs({ startedAt, completedAt }),
        )
        .filter((ms) => ms !== null)
    },

    async lastColdStart(model) {
      const row = await selectColdStart(db, model).executeTakeFirst()
      if (!row) return null
      return {
        id: row.id,
        createdAt: row.created_at,
        startedAt: row.started_at,
        completedAt: row.completed_at,
        phases: row.phases === null ? [] : readJson(row.phases),
      }
    },

    async usedSince(createdBy, since) {
      const row = await selectUsed(db, createdBy, since).executeTakeFirst()
      return { runs: Number(row?.runs ?? 0), ms: Number(row?.ms ?? 0) }
    },
  }
}

/** Answered from the index of a viewer’s predictions. Times of a clock that was set back count as none. */
export function selectUsed(db: Kysely<Tables>, createdBy: string, since: number) {
  return db
    .selectFrom('predictions')
    .select(({ fn }) => fn.countAll().as('runs'))
    .select(
      sql<
        number | null
      >`sum(case when completed_at > started_at then completed_at - started_at end)`.as('ms'),
    )
    .where('created_by', '=', createdBy)
    .where('created_at', '>=', since)
}

/** Answered from the index of a model’s predictions by status, of which there are two parts. */
export function selectLastRuns(db: Kysely<Tables>, { owner, name }: ModelRef, limit: number) {
  const part = (visibility: Prediction['visibility']) =>
    db.selectFrom((eb) =>
      eb
        .selectFrom('predictions')
        .select(['id', 'started_at', 'completed_at', 'created_at'])
        .where('model_owner', '=', owner)
        .where('model_name', '=', name)
        .where('status', '=', 'succeeded')
        .where('visibility', '=', visibility)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .as(visibility),
    )
  return part('public')
    .selectAll()
    .unionAll(part('private').selectAll())
    .orderBy('created_at', 'desc')
    .limit(limit)
}

/** Runs among which a cold start is looked for. */
const mostLooked = 100

function selectColdStart(db: Kysely<Tables>, model: ModelRef) {
  return db
    .selectFrom('predictions')
    .select(['id', 'created_at', 'started_at', 'completed_at', 'phases'])
    .where('id', 'in', (eb) =>
      eb.selectFrom(selectLastRuns(db, model, mostLooked).as('last')).select('last.id'),
    )
    .where(sql<boolean>`phases like '%"booting"%'`)
    .orderBy('created_at', 'desc')
    .limit(1)
}

/** The shard that the session of a replica’s writer took; that of all other sessions is 0. */
const shard = sql`coalesce(nullif(current_setting('sandpit.shard', true), '')::integer, 0)`

/** Where replicas count apart, the shard is a part of the key. */
function shardColumn(db: Kysely<Tables>): readonly ['shard'] | readonly [] {
  return isPostgres(db) ? ['shard'] : []
}

/** Counts a prediction that is accepted, of which `value` has the columns. */
export function insertRun(db: Kysely<Tables>, value: Place): RawBuilder<unknown> {
  const own = shardColumn(db)
  const version = ['model_owner', 'model_name', 'version']
  return sql`
    insert into runs (${columnsOf([...version, 'first_at', 'made', 'kept', ...own])})
    values (${sql.join([
      ...version.map(value),
      value('created_at'),
      sql`1, 1`,
      ...own.map(() => shard),
    ])})
    on conflict (${columnsOf([...version, ...own])})
    do update set made = runs.made + 1, kept = runs.kept + 1`
}

export async function countRemoved(
  trx: Transaction<Tables>,
  removed: Pick<RunsRow, 'model_owner' | 'model_name' | 'version'>,
): Promise<void> {
  const { model_owner, model_name, version } = removed
  await trx
    .insertInto('runs')
    .values({ model_owner, model_name, version, made: 0, kept: -1, first_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['model_owner', 'model_name', 'version', ...shardColumn(trx)])
        .doUpdateSet(({ eb }) => ({ kept: eb('runs.kept', '-', 1) })),
    )
    .execute()
}
