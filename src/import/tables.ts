import { sql } from 'kysely'
import type { Side } from './sides.ts'

/** A table that both databases have. */
export interface Table {
  readonly name: string
  /** Those of both. */
  readonly columns: readonly string[]
  /** The primary key. */
  readonly key: readonly string[]
  /** The columns with text. */
  readonly texts: readonly string[]
}

/** What replicas keep of each other while they run. */
const ofReplicas: ReadonlySet<string> = new Set([
  'replicas',
  'lanes',
  'receivers',
  'instance_requests',
  'instance_states',
])
/** Made anew: the indexes of words, and what the migrator and the import itself keep. */
const madeAnew = /^(?:texts|model_texts|sqlite_|kysely_|import_)/

/** The tables to copy, those before which others refer to. */
export async function sharedTables(sqlite: Side, postgres: Side): Promise<readonly Table[]> {
  const known = await columnsIn(postgres)
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' order by name`.execute(sqlite)
  const tables: Table[] = []
  for (const { name } of rows) {
    const there = known.get(name)
    if (!there || ofReplicas.has(name) || madeAnew.test(name)) continue
    tables.push(await tableOf(sqlite, name, there))
  }
  return tables
}

async function columnsIn(postgres: Side): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ name: string; column: string }>`
    select table_name as name, column_name as column from information_schema.columns
    where table_schema = current_schema()`.execute(postgres)
  const known = new Map<string, Set<string>>()
  for (const { name, column } of rows) known.set(name, (known.get(name) ?? new Set()).add(column))
  return known
}

async function tableOf(sqlite: Side, name: string, there: ReadonlySet<string>): Promise<Table> {
  const { rows } = await sql<{ name: string; type: string; pk: number }>`
    select name, type, pk from pragma_table_info(${name}) order by cid`.execute(sqlite)
  const shared = rows.filter((column) => there.has(column.name))
  const key = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  return {
    name,
    columns: shared.map((column) => column.name),
    key: key.map((column) => column.name),
    texts: shared.filter(({ type }) => /text/i.test(type)).map((column) => column.name),
  }
}
