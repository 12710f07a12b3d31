import { type Expression, type Kysely, sql, type Transaction } from 'kysely'
import { isSettled, statuses } from '../../../domain/prediction/prediction.ts'
import type { KeptKind } from '../../../domain/prediction/retention.ts'
import type { RetentionStore } from '../../retention.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { dropFilesOf } from '../files.ts'
import { writeJson } from '../prediction-rows.ts'
import type { Tables } from '../tables.ts'
import { dropWords } from '../texts/texts.ts'
import type { Write } from '../writer.ts'

const settled = statuses.filter((status) => isSettled({ status }))

/** Removes the data of predictions, and keeps their records. */
export function createRetentionStore(db: Kysely<Tables>, write: Write): RetentionStore {
  return {
    async withData(before, limit, after) {
      const cursor = after === null ? null : parseCursor(after)
      let query = db
        .selectFrom('predictions')
        .select(['id', 'created_at', 'model_owner', 'model_name', 'parent', 'run_group'])
        .where('data_removed_at', 'is', null)
        .where('created_at', '<', before)
      if (cursor)
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '>', tuple(cursor.createdAt, cursor.id)),
        )
      const rows = await query.orderBy('created_at').orderBy('id').limit(limit).execute()
      const parents = await existing(
        db,
        rows.flatMap(({ parent }) => parent ?? []),
      )
      const young = await groupsWithYounger(
        db,
        rows.flatMap(({ run_group }) => run_group ?? []),
        before,
      )
      const last = rows.length === limit ? rows.at(-1) : undefined
      return {
        predictions: rows
          .filter(({ parent }) => parent === null || !parents.has(parent))
          .filter(({ run_group }) => run_group === null || !young.has(run_group))
          .map(({ id, created_at, model_owner, model_name }) => ({
            id,
            model: { owner: model_owner, name: model_name },
            createdAt: created_at,
          })),
        next: last ? formatCursor({ createdAt: last.created_at, id: last.id }) : null,
      }
    },

    removeData: (predictions, keep, at) =>
      write(async (trx) => {
        if (predictions.length === 0) return []
        const kept = await keptAmong(trx, predictions, keep, at)
        const due = predictions.filter((id) => !kept.has(id))
        const removed: string[] = []
        for (const id of due.length > 0 ? await withSubRuns(trx, due) : []) {
          if (!(await removeColumns(trx, id, at))) continue
          await dropWords(trx, id)
          await dropFilesOf(trx, id, at)
          removed.push(id)
        }
        return removed
      }),
  }
}

async function existing(db: Kysely<Tables>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('predictions').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

async function withSubRuns(trx: Transaction<Tables>, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive due (id) as (
      select id from predictions where id in (${sql.join(ids)})
      union
      select predictions.id from predictions join due on predictions.parent = due.id
    )
    select id from due`.execute(trx)
  return rows.map(({ id }) => id)
}

/** False when it is not settled, or has no data. */
async function removeColumns(trx: Transaction<Tables>, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('predictions')
    .set(({ eb }) => ({
      input: writeJson({}),
      output: null,
      excerpt: null,
      logs: '',
      progress: null,
      files: writeJson([]),
      made: writeJson([]),
      summary: '',
      snippet: null,
      revision: eb('revision', '+', 1),
      data_removed_at: at,
    }))
    .where('id', '=', id)
    .where('data_removed_at', 'is', null)
    .where('status', 'in', settled)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those of these groups that have predictions from a moment on: the data of a group is removed together. */
async function groupsWithYounger(
  db: Kysely<Tables>,
  groups: readonly string[],
  from: number,
): Promise<Set<string>> {
  if (groups.length === 0) return new Set()
  const rows = await db
    .selectFrom('predictions')
    .select('run_group')
    .distinct()
    .where('run_group', 'in', [...new Set(groups)])
    .where('created_at', '>=', from)
    .execute()
  return new Set(rows.flatMap(({ run_group }) => run_group ?? []))
}

async function keptAmong(
  trx: Transaction<Tables>,
  ids: readonly string[],
  keep: readonly KeptKind[],
  at: number,
): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('predictions')
    .select(['id', 'run_group'])
    .where('id', 'in', ids)
    .execute()
  const groups = new Set(rows.flatMap(({ run_group }) => run_group ?? []))
  const keptOnes = await hasKept(trx, 'id', ids, keep, at)
  const keptGroups = await hasKept(trx, 'run_group', [...groups], keep, at)
  const kept = rows.filter(
    ({ id, run_group }) => keptOnes.has(id) || (run_group !== null && keptGroups.has(run_group)),
  )
  return new Set(kept.map(({ id }) => id))
}

/** Those of these predictions that are kept, or those of these groups with one that is: then all of it are. */
async function hasKept(
  trx: Transaction<Tables>,
  column: 'id' | 'run_group',
  values: readonly string[],
  keep: readonly KeptKind[],
  at: number,
): Promise<Set<string>> {
  if (values.length === 0 || keep.length === 0) return new Set()
  const rows = await trx
    .selectFrom('predictions')
    .select(`${column} as value`)
    .distinct()
    .where(column, 'in', values)
    .where(({ or, exists, ref }) =>
      or(
        keep.map((kind) =>
          exists(
            ofKind(
              trx,
              { id: ref('predictions.id'), group: ref('predictions.run_group') },
              kind,
              at,
            ),
          ),
        ),
      ),
    )
    .execute()
  return new Set(rows.flatMap(({ value }) => value ?? []))
}

interface Columns {
  readonly id: Expression<string>
  readonly group: Expression<string | null>
}

function ofKind(trx: Transaction<Tables>, { id, group }: Columns, kind: KeptKind, at: number) {
  if (kind !== 'shared')
    return trx.selectFrom(kind).select('prediction').where('prediction', '=', id)
  return trx
    .selectFrom('shares')
    .select('prediction')
    .where(({ or, eb }) => or([eb('prediction', '=', id), eb('shares.run_group', '=', group)]))
    .where('ended_at', 'is', null)
    .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
}
