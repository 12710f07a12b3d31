import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Files } from '../files/files.ts'
import type { Progress } from './progress.ts'
import type { Side } from './sides.ts'

interface Copying {
  /** The database that is complete already. */
  readonly to: Side
  readonly files: { readonly from: Files; readonly to: Files }
  readonly progress: Progress
}

const part = 'bytes of contents'
/** How many are under way at once. */
const atOnce = 8

/**
 * Copies the bytes of all contents and reads them back. Throws `Error` when one differs. Resolves with how many
 * there are, and with those that are gone where they are copied from.
 */
export async function copyContents({ to, files, progress }: Copying) {
  const reached = progress.of(part)
  const missing: string[] = []
  let { count } = reached
  let after = String(reached.after?.[0] ?? '')
  for (;;) {
    const { rows } = await sql<{ sha256: string }>`
      select sha256 from contents where sha256 > ${after}
      order by sha256 limit ${sql.lit(atOnce)}`.execute(to)
    const last = rows.at(-1)
    if (!last) return { count, missing }
    const copied = await Promise.all(rows.map(({ sha256 }) => copyContent(sha256, files)))
    missing.push(...rows.filter((_, at) => !copied[at]).map(({ sha256 }) => sha256))
    after = last.sha256
    count += rows.length
    await progress.keep(to, part, { after: [after], count, digest: null })
  }
}

/** Resolves with whether it was there. */
async function copyContent(sha256: string, { from, to }: Copying['files']): Promise<boolean> {
  const content = await from.open(sha256)
  if (!content) return false
  const kept = await to.put(content, Number.MAX_SAFE_INTEGER)
  if (kept.sha256 !== sha256)
    throw new Error(`The content ${sha256} is damaged where it comes from.`)
  const copy = await to.open(sha256)
  const hash = createHash('sha256')
  for await (const bytes of copy ?? []) hash.update(bytes)
  if (hash.digest('hex') !== sha256) throw new Error(`The copy of the content ${sha256} differs.`)
  return true
}
