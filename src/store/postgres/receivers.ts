import { type Kysely, sql } from 'kysely'
import type { Tables } from '../kysely/tables.ts'
import type { ReceiverClaims } from '../receivers.ts'

/** Milliseconds since 1970, by the clock of the database: those of replicas may differ. */
const now = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`

export function createReceiverClaims(db: Kysely<Tables>, replica: string): ReceiverClaims {
  return {
    async claim(name, ms) {
      const until = sql<number>`${now} + ${ms}::bigint`
      const claimed = await db
        .insertInto('receivers')
        .values({ name, owner: replica, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ owner: replica, until })
            .where((one) =>
              one.or([one('receivers.owner', '=', replica), one('receivers.until', '<', now)]),
            ),
        )
        .returning('name')
        .executeTakeFirst()
      return claimed !== undefined
    },

    async renew(ms) {
      const renewed = await db
        .updateTable('receivers')
        .set({ until: sql<number>`${now} + ${ms}::bigint` })
        .where('owner', '=', replica)
        .returning('name')
        .execute()
      return renewed.map(({ name }) => name)
    },

    async release(name) {
      await db
        .deleteFrom('receivers')
        .where('name', '=', name)
        .where('owner', '=', replica)
        .execute()
    },

    async claimed() {
      const rows = await db
        .selectFrom('receivers')
        .select('name')
        .where('until', '>=', now)
        .execute()
      return new Set(rows.map(({ name }) => name))
    },
  }
}
