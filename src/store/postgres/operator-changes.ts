import { type Kysely, sql } from 'kysely'
import type { Tables } from '../kysely/tables.ts'
import type { OperatorChanges } from '../operator-changes.ts'

/** A sequence: it is read without a lock, and changes at once. */
export function createOperatorChanges(db: Kysely<Tables>): OperatorChanges {
  return {
    async count() {
      const { rows } = await sql<{ count: number }>`
        select case when is_called then last_value else 0 end as count
        from operator_changes`.execute(db)
      return Number(rows[0]?.count ?? 0)
    },
    async add() {
      await sql`select nextval('operator_changes')`.execute(db)
    },
  }
}
