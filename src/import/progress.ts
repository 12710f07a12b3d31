import { sql } from 'kysely'
import type { Value } from './pages.ts'
import type { Side } from './sides.ts'

/** How far one part of an import has come. */
export interface Reached {
  /** The key of the last row that is done; null before the first. */
  readonly after: readonly Value[] | null
  readonly count: number
  readonly digest: string | null
}

export type Progress = Awaited<ReturnType<typeof openProgress>>

const start: Reached = { after: null, count: 0, digest: null }

/**
 * Where an import is, kept in the database that it writes: with each page, in its transaction. `source`
 * names where it reads. Throws `Error` when an import from elsewhere was begun.
 */
export async function openProgress(to: Side, source: string) {
  await sql`
    create table if not exists import_progress (
      part text primary key, after text, count bigint not null, digest text
    )`.execute(to)
  const { rows } = await sql<{ part: string; after: string | null; count: number; digest: string }>`
    select part, after, count, digest from import_progress`.execute(to)
  const known = new Map(
    rows.map(({ part, after, count, digest }) => [part, { after, count, digest }]),
  )
  const begun = known.get('source')
  if (begun && begun.digest !== source)
    throw new Error(`An import from ${begun.digest} was begun here. End that one first.`)
  if (!begun) await keep(to, 'source', { ...start, digest: source })

  async function keep(trx: Side, part: string, { after, count, digest }: Reached): Promise<void> {
    const place = after && JSON.stringify(after)
    await sql`
      insert into import_progress (part, after, count, digest)
      values (${part}, ${place}, ${count}, ${digest})
      on conflict (part) do update
      set after = excluded.after, count = excluded.count, digest = excluded.digest`.execute(trx)
  }

  return {
    isResumed: begun !== undefined,
    of(part: string): Reached {
      const found = known.get(part)
      if (!found) return start
      const after: readonly Value[] | null = found.after === null ? null : JSON.parse(found.after)
      return { after, count: Number(found.count), digest: found.digest }
    },
    keep,
    /** Forgets it: the import is done. */
    async end(): Promise<void> {
      await sql`drop table import_progress`.execute(to)
    },
  }
}
