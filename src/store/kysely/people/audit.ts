import type { Kysely, Transaction } from 'kysely'
import type { AuditEntry } from '../../../domain/people/audit.ts'
import type { AuditFilter, RightsStore } from '../../people.ts'
import { type Cursor, formatCursor, parseCursor } from '../cursor.ts'
import type { AuditRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'
import { hasPart } from './part.ts'

type AuditStore = Pick<RightsStore, 'addEntry' | 'entries' | 'forgetEntries'>

/** Who did what. */
export function createAuditStore(db: Kysely<Tables>, write: Write): AuditStore {
  return {
    addEntry: (entry) => write((trx) => insertEntry(trx, entry)),

    async entries({ text, ...filter }, limit, before) {
      const cursor = before === null ? null : parseCursor(before)
      const newest = matching(db, filter, cursor).orderBy('at', 'desc').orderBy('id', 'desc')
      const asked =
        text === undefined
          ? newest
          : newest
              .where('id', 'in', newest.select('id').limit(mostSearched))
              .where(hasPart(['actor_name', 'subject', 'detail'], text))
      const rows = await asked
        .selectAll()
        .limit(limit + 1)
        .execute()
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        entries: rows.slice(0, limit).map(readEntry),
        next: last ? formatCursor({ createdAt: last.at, id: last.id }) : null,
      }
    },

    forgetEntries: (before, limit) =>
      write(async (trx) => {
        const old = trx.selectFrom('audit').select('id').where('at', '<', before).limit(limit)
        const { numDeletedRows } = await trx
          .deleteFrom('audit')
          .where('id', 'in', old)
          .executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}

/** The most entries that a search for a text reads. */
const mostSearched = 20_000

/** The entries of a filter, without its text, from before a cursor. */
function matching(
  db: Kysely<Tables>,
  { actor, actions, since }: AuditFilter,
  cursor: Cursor | null,
) {
  let query = db.selectFrom('audit')
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (actions !== undefined) query = query.where('action', 'in', actions)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (cursor === null) return query
  return query.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
  )
}

/** A `write` that keeps an entry in the transaction of each change. One that changed nothing keeps none. */
export function recordingWrite(write: Write, entry: AuditEntry): Write {
  return (run, options) =>
    write(async (trx) => {
      const value = await run(trx)
      if (value !== false) await insertEntry(trx, entry)
      return value
    }, options)
}

async function insertEntry(trx: Transaction<Tables>, entry: AuditEntry): Promise<void> {
  await trx.insertInto('audit').values(newRow(entry)).execute()
}

function newRow({ actorName, subjectOwner, ...same }: AuditEntry): AuditRow {
  return { ...same, actor_name: actorName, subject_owner: subjectOwner }
}

function readEntry({ actor_name, subject_owner, ...same }: AuditRow): AuditEntry {
  return { ...same, actorName: actor_name, subjectOwner: subject_owner }
}
