import { type Kysely, sql } from 'kysely'
import type { InstanceRequest, InstanceTable } from '../instances.ts'
import { readJson, writeJson } from '../kysely/prediction-rows.ts'
import type { InstanceRequestRow, Tables } from '../kysely/tables.ts'
import { isAlive } from './replicas/replicas.ts'

export interface InstanceTableOptions {
  readonly db: Kysely<Tables>
  /** The id of this replica. */
  readonly replica: string
  /** A replica is dead this long after its last beat, in milliseconds. */
  readonly deadMs: number
}

export function createInstanceTable({ db, replica, deadMs }: InstanceTableOptions): InstanceTable {
  return {
    async ask({ askedAt, ...request }) {
      const row = { ...request, replica, asked_at: askedAt, progress: null, answer: null }
      await db.insertInto('instance_requests').values(row).execute()
    },

    async requests() {
      const { rows } = await sql<InstanceRequestRow>`
        with lost as (
          delete from instance_requests where replica <> ${replica} and not exists (
            select 1 from replicas where replicas.id = instance_requests.replica and ${isAlive(deadMs)}
          ) returning id
        )
        select * from instance_requests where not exists (
          select 1 from lost where lost.id = instance_requests.id
        ) order by asked_at, id`.execute(db)
      return rows.map(readRequest)
    },

    async own() {
      const rows = await db
        .selectFrom('instance_requests')
        .selectAll()
        .where('replica', '=', replica)
        .execute()
      return rows.map(readRequest)
    },

    async note(id, progress) {
      const changed = { progress: writeJson(progress) }
      await db.updateTable('instance_requests').set(changed).where('id', '=', id).execute()
    },

    async answer(id, answer) {
      const { numUpdatedRows } = await db
        .updateTable('instance_requests')
        .set({ answer: writeJson(answer) })
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async end(ids) {
      await db.deleteFrom('instance_requests').where('id', 'in', ids).execute()
    },

    async save({ model, states, failures }) {
      const now = { states: writeJson(states), failures: writeJson(failures) }
      await db
        .insertInto('instance_states')
        .values({ model, ...now })
        .onConflict((conflict) => conflict.column('model').doUpdateSet(now))
        .execute()
    },

    async states(model) {
      const rows = await db
        .selectFrom('instance_states')
        .selectAll()
        .$if(model !== undefined, (all) => all.where('model', '=', model ?? ''))
        .execute()
      return rows.map((row) => ({
        model: row.model,
        states: readJson(row.states),
        failures: readJson(row.failures),
      }))
    },
  }
}

function readRequest(row: InstanceRequestRow): InstanceRequest {
  const { id, replica, kind, subject, asked_at, progress, answer } = row
  return {
    ...{ id, replica, kind, subject, askedAt: asked_at },
    progress: progress === null ? null : readJson(progress),
    answer: answer === null ? null : readJson(answer),
  }
}
