import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables, UsageRow } from '../kysely/tables.ts'
import type { CountedUsage, UsageTable } from '../usage.ts'

export function createUsageTable(db: Kysely<Tables>): UsageTable {
  return {
    async find(person) {
      const row = await db
        .selectFrom('usage')
        .selectAll()
        .where('person', '=', person)
        .executeTakeFirst()
      return row ? readUsage(row) : null
    },

    async begin(person) {
      const trx = await db.startTransaction().execute()
      try {
        // Also for somebody who has no row yet.
        await sql`select pg_advisory_xact_lock(hashtextextended(${person}, 2))`.execute(trx)
        const row = await trx
          .selectFrom('usage')
          .selectAll()
          .where('person', '=', person)
          .executeTakeFirst()
        return {
          counted: row ? readUsage(row) : null,
          async end(next) {
            if (!next) return void (await trx.rollback().execute())
            const values = writtenUsage(next)
            await trx
              .insertInto('usage')
              .values({ person, ...values })
              .onConflict((conflict) => conflict.column('person').doUpdateSet(values))
              .execute()
            await trx.commit().execute()
          },
        }
      } catch (error) {
        await trx.rollback().execute()
        throw error
      }
    },

    async addTimes(day, times) {
      // In order, so that two replicas wait for each other in one direction.
      for (const [person, ms] of [...times].sort(([a], [b]) => (a < b ? -1 : 1)))
        await db
          .updateTable('usage')
          .set((one) => ({ ms: one('ms', '+', ms) }))
          .where('person', '=', person)
          .where('day', '=', day)
          .execute()
    },
  }
}

function readUsage(row: Selectable<UsageRow>): CountedUsage {
  const { day, runs, ms, minute_from: minuteFrom, in_minute: inMinute } = row
  return { day, runs, ms, minuteFrom, inMinute }
}

function writtenUsage({ day, runs, ms, minuteFrom, inMinute }: CountedUsage) {
  return { day, runs, ms, minute_from: minuteFrom, in_minute: inMinute }
}
