import { type Kysely, sql } from 'kysely'
import { readJson, writeJson } from '../../kysely/prediction-rows.ts'
import type { ReplicaRow, Tables } from '../../kysely/tables.ts'
import type { Owned, Replicas } from '../../replicas.ts'
import { findOverdue, findWaitingModels } from './waiting.ts'

export interface ReplicasOptions {
  readonly db: Kysely<Tables>
  /** The id of this replica. */
  readonly replica: string
  /** A replica is dead this long after its last beat, in milliseconds. */
  readonly deadMs: number
}

/** A dead replica is forgotten after this, in milliseconds. */
const forgottenMs = 60 * 60_000

/** Milliseconds since 1970 by the clock of the database, which all replicas share. */
export const databaseNow = sql`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`

const isUnsettled = sql`status in ('starting', 'processing')`

/** Of a row of `replicas`: whether its last beat is recent. */
export function isAlive(deadMs: number) {
  return sql`beat_at > ${databaseNow} - ${deadMs}::bigint`
}

/** The replicas in a PostgreSQL database. Owners of predictions are in the predictions’ rows. */
export function createPostgresReplicas({ db, replica, deadMs }: ReplicasOptions): Replicas {
  const lives = isAlive(deadMs)
  const ownerIsGone = sql`owner is not null and not exists (
    select 1 from replicas where replicas.id = predictions.owner and ${lives})`

  return {
    id: replica,

    async beat({ name, models, isDraining }) {
      const draining = isDraining ? 1 : 0
      const { rows } = await sql<Owned>`
        with forgotten as (
          delete from replicas where beat_at < ${databaseNow} - ${forgottenMs}::bigint
        ), beat as (
          insert into replicas (id, name, started_at, beat_at, draining, models)
          values (${replica}, ${name}, ${databaseNow}, ${databaseNow}, ${draining}, ${writeJson(models)})
          on conflict (id) do update set
            beat_at = excluded.beat_at, draining = excluded.draining, models = excluded.models
        )
        select id, ending from predictions where owner = ${replica}`.execute(db)
      return rows
    },

    async leave() {
      await db.deleteFrom('replicas').where('id', '=', replica).execute()
    },

    async live() {
      const { rows } = await sql<ReplicaRow>`select * from replicas where ${lives}`.execute(db)
      return rows.map(({ id, name, models, draining }) => ({
        id,
        name,
        models: readJson(models),
        isDraining: draining === 1,
      }))
    },

    async lost(limit) {
      const { rows } = await sql<{ id: string; owner: string; name: string }>`
        select id, model_owner as owner, model_name as name from predictions
        where ${ownerIsGone} order by number limit ${limit}`.execute(db)
      return rows.map(({ id, owner, name }) => ({ id, model: { owner, name } }))
    },

    async takeOver(ids) {
      const { rows } = await sql<Owned>`
        update predictions set owner = ${replica}, revision = revision + 1
        where id = any(${ids}::text[]) and ${ownerIsGone}
        returning id, ending`.execute(db)
      return rows
    },

    async take(id) {
      const { rows } = await sql`
        update predictions set owner = ${replica}, revision = revision + 1
        where id = ${id} and owner is null and ${isUnsettled}
        returning id`.execute(db)
      return rows.length > 0
    },

    async owns(id) {
      const { rows } = await sql`
        select 1 from predictions where id = ${id} and owner = ${replica}`.execute(db)
      return rows.length > 0
    },

    async requestEnd(id, ending) {
      const { rows } = await sql<{ owner: string }>`
        update predictions set ending = coalesce(ending, ${ending})
        where id = ${id} and owner is not null and ${isUnsettled}
        returning owner`.execute(db)
      return rows[0]?.owner ?? null
    },

    waitingModels: () => findWaitingModels(db),
    overdue: (limit) => findOverdue(db, limit),
  }
}
