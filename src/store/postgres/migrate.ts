import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import type { Tables } from '../kysely/tables.ts'
import { migrations } from '../migrations/index.ts'

/** Several replicas may start at once: the migrator takes a lock. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ordered } })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  const newer = error instanceof Error && error.message.includes('previously executed migration')
  throw newer
    ? new Error(
        'The database was written by a newer version of Sandpit. Start that version, or restore a backup.',
      )
    : error
}

/** Each migration, and then the order of the texts in its tables. */
const ordered: Record<string, Migration> = Object.fromEntries(
  Object.entries(migrations).map(([name, { up }]) => [
    name,
    {
      async up(db: Kysely<unknown>) {
        await up(db)
        await orderByBytes(db)
      },
    },
  ]),
)

/**
 * Orders texts by their bytes, as SQLite does, in whatever language the database was created: pages of lists go on
 * after an id, and the languages of a system change with its updates.
 */
async function orderByBytes(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and data_type = 'text'
      and collation_name is distinct from 'C' and table_name not like 'kysely%'`.execute(db)
  for (const { table, column } of rows)
    await sql`
      alter table ${sql.table(table)} alter column ${sql.ref(column)} type text collate "C"`.execute(
      db,
    )
}
