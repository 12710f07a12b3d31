import type { Kysely, Selectable, Transaction } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Share, SharedThing, ShareEnd } from '../../../domain/people/share.ts'
import type { ShareStore } from '../../people.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { ShareRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

/** Share links. */
export function createShareStore(db: Kysely<Tables>, write: Write): ShareStore {
  return {
    share: (share) =>
      write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('shares')
          .values(newRow(share))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 1n
      }),

    async findShare(hash) {
      const query = db.selectFrom('shares').selectAll().where('hash', '=', hash)
      const row = await query.executeTakeFirst()
      return row ? readShare(row) : null
    },

    async sharesOf(thing) {
      const rows = await db
        .selectFrom('shares')
        .selectAll()
        .where(columnOf(thing), '=', thing.id)
        .where('ended_at', 'is', null)
        .orderBy('created_at')
        .execute()
      return rows.map(readShare)
    },

    async shares({ createdBy, now }, limit, before) {
      const cursor = before === null ? null : parseCursor(before)
      let query = db
        .selectFrom('shares')
        .leftJoin('predictions', 'predictions.id', 'shares.prediction')
        .leftJoin('run_groups', 'run_groups.id', 'shares.run_group')
        .selectAll('shares')
        .select(['model_owner', 'model_name', 'title'])
        .where(({ or, eb }) =>
          or([eb('predictions.id', 'is not', null), eb('run_groups.id', 'is not', null)]),
        )
        .where('shares.ended_at', 'is', null)
        .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      if (createdBy !== undefined) query = query.where('shares.created_by', '=', createdBy)
      if (cursor)
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('shares.created_at', 'shares.id'), '<', tuple(cursor.createdAt, cursor.id)),
        )
      const rows = await query
        .orderBy('shares.created_at', 'desc')
        .orderBy('shares.id', 'desc')
        .limit(limit + 1)
        .execute()
      const shares = rows
        .slice(0, limit)
        .map(({ model_owner: owner, model_name: name, ...row }) => {
          const model = owner === null || name === null ? null : { owner, name }
          return { ...readShare(row), model, title: row.title }
        })
      const last = rows.length > limit ? shares.at(-1) : undefined
      return { shares, next: last ? formatCursor(last) : null }
    },

    openShare: (id, at, isFirst) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('shares')
          .set(({ eb }) => ({ opens: eb('opens', '+', 1), opened_at: at }))
          .where('id', '=', id)
          .where('opens', isFirst ? '=' : '>', 0)
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }),

    endShares: ({ of, id }, at) =>
      write(async (trx) => {
        let query = endShares(trx, at, 'revoked').where(columnOf(of), '=', of.id)
        if (id !== undefined) query = query.where('id', '=', id)
        return numberOf(await query.execute()) > 0
      }),
  }
}

/** Ends the shares of predictions, in the transaction of what ends them. */
export async function endSharesOf(
  trx: Transaction<Tables>,
  predictions: readonly string[],
  at: number,
  why: ShareEnd,
): Promise<void> {
  if (predictions.length === 0) return
  await endShares(trx, at, why).where('prediction', 'in', predictions).execute()
}

/** Ends the shares of a group that is removed. */
export async function endSharesOfGroup(
  trx: Transaction<Tables>,
  group: string,
  at: number,
): Promise<void> {
  await endShares(trx, at, 'deleted').where('run_group', '=', group).execute()
}

/** Ends the shares of the groups of predictions that were made private. */
export async function endSharesOfGroupsWith(
  trx: Transaction<Tables>,
  predictions: readonly string[],
  at: number,
): Promise<void> {
  if (predictions.length === 0) return
  await endShares(trx, at, 'made private')
    .where('run_group', 'in', ({ selectFrom }) =>
      selectFrom('predictions')
        .select('run_group')
        .where('id', 'in', predictions)
        .where('run_group', 'is not', null),
    )
    .execute()
}

/** Ends the shares of all predictions of a model, and of the groups with a run of it. */
export async function endSharesOfModel(
  trx: Transaction<Tables>,
  { owner, name }: ModelRef,
  at: number,
): Promise<void> {
  await endShares(trx, at, 'model made private')
    .where(({ or, exists, selectFrom }) =>
      or([
        exists(
          selectFrom('predictions')
            .select('predictions.id')
            .whereRef('predictions.id', '=', 'shares.prediction')
            .where('model_owner', '=', owner)
            .where('model_name', '=', name),
        ),
        exists(
          selectFrom('predictions')
            .select('predictions.id')
            .whereRef('predictions.run_group', '=', 'shares.run_group')
            .where('model_owner', '=', owner)
            .where('model_name', '=', name),
        ),
        exists(
          selectFrom('planned_runs')
            .select('place')
            .whereRef('planned_runs.run_group', '=', 'shares.run_group')
            .where('model_owner', '=', owner)
            .where('model_name', '=', name),
        ),
      ]),
    )
    .execute()
}

/** Ends the shares that somebody made. */
export async function endSharesBy(
  trx: Transaction<Tables>,
  person: string,
  at: number,
): Promise<void> {
  await endShares(trx, at, 'maker disabled').where('created_by', '=', person).execute()
}

function endShares(trx: Transaction<Tables>, at: number, why: ShareEnd) {
  return trx.updateTable('shares').set({ ended_at: at, ended: why }).where('ended_at', 'is', null)
}

/** The column with the id of what a share leads to. */
function columnOf({ kind }: SharedThing) {
  return kind === 'group' ? 'run_group' : 'prediction'
}

function numberOf(results: readonly { readonly numUpdatedRows: bigint }[]): number {
  return results.reduce((sum, { numUpdatedRows }) => sum + Number(numUpdatedRows), 0)
}

function newRow(share: Share) {
  return {
    id: share.id,
    hash: share.hash,
    // The column is older than shares of groups, and not null.
    prediction: share.of.kind === 'prediction' ? share.of.id : '',
    run_group: share.of.kind === 'group' ? share.of.id : null,
    created_by: share.createdBy,
    created_at: share.createdAt,
    expires_at: share.expiresAt,
    audience: share.audience,
    people: writeJson(share.people),
    scope: share.scope,
    opens: share.opens,
    opened_at: share.openedAt,
    ended_at: share.endedAt,
    ended: share.ended,
  }
}

function readShare(row: Selectable<ShareRow>): Share {
  return {
    id: row.id,
    hash: row.hash,
    of:
      row.run_group === null
        ? { kind: 'prediction', id: row.prediction }
        : { kind: 'group', id: row.run_group },
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    audience: row.audience,
    people: readJson(row.people),
    scope: row.scope,
    opens: row.opens,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    ended: row.ended,
  }
}
