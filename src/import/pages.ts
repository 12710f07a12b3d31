import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Side } from './sides.ts'
import type { Table } from './tables.ts'

export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

/** The most that is in memory at once: rows, and characters of them unless one row has more. */
const most = { rows: 200, characters: 4 * 2 ** 20 }

/** The rows of a table in the order of its key, after a key, page by page. */
export async function* pagesOf(side: Side, table: Table, after: readonly Value[] | null) {
  for (let from = after; ; ) {
    const last = await endOfPage(side, table, from)
    if (!last) return
    const { rows } = await sql<Row>`
      select ${namesOf(table.columns)} from ${sql.table(table.name)}
      where ${beyond(table, from)} and (${namesOf(table.key)}) <= (${sql.join(last)})
      order by ${namesOf(table.key)}`.execute(side)
    yield { rows, last }
    from = last
  }
}

/** The key of the last row of the page after a key; null when there is none. */
async function endOfPage(side: Side, table: Table, after: readonly Value[] | null) {
  const sizes = table.texts.map((name) => sql`coalesce(length(${sql.ref(name)}), 0)`)
  const size = sizes.length > 0 ? sql.join(sizes, sql` + `) : sql`0`
  const { rows } = await sql<Row>`
    select ${namesOf(table.key)}, ${size} as row_size from ${sql.table(table.name)}
    where ${beyond(table, after)} order by ${namesOf(table.key)} limit ${sql.lit(most.rows)}`.execute(
    side,
  )
  let left = most.characters
  const tooMany = rows.findIndex(({ row_size: taken }, at) => {
    left -= Number(taken)
    return at > 0 && left < 0
  })
  const end = rows.at(tooMany === -1 ? -1 : tooMany - 1)
  return end ? table.key.map((name) => end[name] ?? null) : null
}

function beyond({ key }: Table, after: readonly Value[] | null): RawBuilder<unknown> {
  return after ? sql`(${namesOf(key)}) > (${sql.join(after)})` : sql`true`
}

export function namesOf(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)))
}

/** What rows hash to, in any order. */
export function createDigest(known: string | null) {
  const sum = known === null ? Buffer.alloc(32) : Buffer.from(known, 'hex')
  return {
    add({ columns }: Table, row: Row): void {
      const text = JSON.stringify(columns.map((name) => row[name] ?? null))
      const hash = createHash('sha256').update(text).digest()
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) ^ (hash[at] ?? 0)
    },
    hex: () => sum.toString('hex'),
  }
}

/** Counts and hashes the rows of a table as it is. */
export async function measure(side: Side, table: Table) {
  const digest = createDigest(null)
  let count = 0
  for await (const { rows } of pagesOf(side, table, null)) {
    for (const row of rows) digest.add(table, row)
    count += rows.length
  }
  return { count, digest: digest.hex() }
}
