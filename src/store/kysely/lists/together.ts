import { type Expression, type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** The rows of several queries in one statement, which takes one answer of a server. Their order may be another. */
export async function rowsOf<Row>(
  db: Kysely<Tables>,
  queries: readonly Expression<Row>[],
): Promise<readonly Row[]> {
  if (queries.length === 0) return []
  // In a union, only a query within another one has an order and a limit.
  const each = queries.map((query) => sql`select * from ${query} as part`)
  const { rows } = await sql<Row>`${sql.join(each, sql` union all `)}`.execute(db)
  return rows
}
