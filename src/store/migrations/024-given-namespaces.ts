import type { Kysely } from 'kysely'

/** The owner names for which a person acts by the hand of an operator. */
export async function addGivenNamespaces(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('people')
    .addColumn('namespaces', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute()
}
