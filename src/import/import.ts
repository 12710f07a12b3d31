import { sql } from 'kysely'
import type { Files } from '../files/files.ts'
import { isPostgres } from '../store/kysely/database.ts'
import { copyContents } from './copy-contents.ts'
import { copyTable } from './copy-table.ts'
import { indexWords } from './index-words.ts'
import { openProgress } from './progress.ts'
import { refuseInUse, type Side } from './sides.ts'
import { sharedTables, type Table } from './tables.ts'

export interface ImportOptions {
  /** One of SQLite, one of PostgreSQL. Nothing else uses either. */
  readonly from: Side
  readonly to: Side
  /** Null where the files stay. */
  readonly files: { readonly from: Files; readonly to: Files } | null
  /** Names what is copied, in messages. */
  readonly source: string
  readonly say: (line: string) => void
}

/**
 * Copies a database and its files into an empty one, verified by counts and hashes. One that was
 * interrupted goes on where it was. Throws `Error` with a sentence for the operator. Resolves with the SHA-256 of contents
 * that are gone where they were copied from.
 */
export async function importAll(options: ImportOptions): Promise<readonly string[]> {
  const { from, to, files, source, say } = options
  const [sqlite, postgres] = isPostgres(to) ? [from, to] : [to, from]
  if (!isPostgres(to)) await joinShards(postgres)
  const tables = await sharedTables(sqlite, postgres)
  if (!(await isBegun(to))) await refuseFilled(to, tables)
  const progress = await openProgress(to, source)
  if (progress.isResumed) say('Going on with an import that was interrupted.')
  for (const table of tables)
    say(`${table.name}: ${await copyTable({ from, to }, table, progress)} rows`)
  say(`words of predictions: ${await indexWords(to, progress)} predictions`)
  if (isPostgres(to)) await setSequences(to)
  const copied = files && (await copyContents({ to, files, progress }))
  if (copied) say(`files: ${copied.count - copied.missing.length} contents`)
  await refuseInUse(postgres)
  await progress.end()
  return copied?.missing ?? []
}

async function isBegun(to: Side): Promise<boolean> {
  const tables = await to.introspection.getTables()
  return tables.some(({ name }) => name === 'import_progress')
}

async function refuseFilled(to: Side, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(to)
    if (rows.length > 0)
      throw new Error(`The database to import into is not empty: there are rows in ${name}.`)
  }
}

/** Each replica counts runs in a shard of its own; SQLite has one. */
async function joinShards(postgres: Side): Promise<void> {
  await sql`
    with counted as (delete from runs returning *)
    insert into runs (model_owner, model_name, version, made, kept, first_at)
    select model_owner, model_name, version, sum(made), sum(kept), min(first_at) from counted
    group by model_owner, model_name, version`.execute(postgres)
}

/** The next numbers are beyond those that were copied. */
async function setSequences(to: Side): Promise<void> {
  await sql`
    select setval('prediction_numbers', greatest(1, (select max(number) from predictions)))`.execute(
    to,
  )
  await sql`
    select setval(pg_get_serial_sequence('seen_models', 'id'), greatest(1, (select max(id) from seen_models)))`.execute(
    to,
  )
}
