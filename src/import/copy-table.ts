import { sql } from 'kysely'
import { createDigest, measure, namesOf, pagesOf, type Row } from './pages.ts'
import type { Progress } from './progress.ts'
import type { Side } from './sides.ts'
import type { Table } from './tables.ts'

/** Columns that are empty in the copy: they are of a running server, or of an index that is made anew. */
const emptied: Readonly<Record<string, readonly string[]>> = {
  predictions: ['owner', 'ending', 'heartbeat_at'],
  seen_models: ['signature'],
}

/** Copies what is not copied yet of a table. Throws `Error` when the copy differs. Resolves with how many rows it has. */
export async function copyTable(
  { from, to }: { readonly from: Side; readonly to: Side },
  table: Table,
  progress: Progress,
): Promise<number> {
  const reached = progress.of(table.name)
  const digest = createDigest(reached.digest)
  let { count } = reached
  for await (const { rows, last } of pagesOf(from, table, reached.after)) {
    const copies = rows.map((row) => copyOf(table, row))
    for (const copy of copies) digest.add(table, copy)
    count += copies.length
    await to.transaction().execute(async (trx) => {
      await insert(trx, table, copies)
      await progress.keep(trx, table.name, { after: last, count, digest: digest.hex() })
    })
  }
  const copied = await measure(to, table)
  if (copied.count !== count || copied.digest !== digest.hex())
    throw new Error(`The copy of ${table.name} differs: ${copied.count} rows of ${count}.`)
  return count
}

async function insert(trx: Side, table: Table, rows: readonly Row[]): Promise<void> {
  const values = rows.map(
    (row) => sql`(${sql.join(table.columns.map((name) => row[name] ?? null))})`,
  )
  await sql`
    insert into ${sql.table(table.name)} (${namesOf(table.columns)})
    values ${sql.join(values)}`.execute(trx)
}

/** PostgreSQL keeps no NUL in texts. */
function copyOf({ name, columns }: Table, row: Row): Row {
  const without = emptied[name] ?? []
  const values = columns.map((column) => {
    const value = without.includes(column) ? null : (row[column] ?? null)
    return [column, typeof value === 'string' ? value.replaceAll('\0', '␀') : value] as const
  })
  return Object.fromEntries(values)
}
