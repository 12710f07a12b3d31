import type { Kysely, Selectable, Transaction } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { EmbedEnd, EmbedLink } from '../../../domain/people/embed-link.ts'
import type { EmbedStore } from '../../people.ts'
import type { EmbedLinkRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

/** Embed links. */
export function createEmbedStore(db: Kysely<Tables>, write: Write): EmbedStore {
  return {
    addEmbed: (link) =>
      write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('embed_links')
          .values(newRow(link))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 1n
      }),

    async findEmbed(hash) {
      const query = db.selectFrom('embed_links').selectAll().where('hash', '=', hash)
      const row = await query.executeTakeFirst()
      return row ? readLink(row) : null
    },

    async embedsOf({ owner, name }, limit) {
      const rows = await db
        .selectFrom('embed_links')
        .selectAll()
        .where('model_owner', '=', owner)
        .where('model_name', '=', name)
        .where('ended_at', 'is', null)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(readLink)
    },

    useEmbed: (id, at) =>
      write(async (trx) => {
        await trx
          .updateTable('embed_links')
          .set(({ eb }) => ({ runs: eb('runs', '+', 1), used_at: at }))
          .where('id', '=', id)
          .execute()
      }),

    endEmbed: ({ model, id }, at) =>
      write(async (trx) => {
        const { numUpdatedRows } = await ending(trx, at, 'revoked')
          .where('model_owner', '=', model.owner)
          .where('model_name', '=', model.name)
          .where('id', '=', id)
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }),
  }
}

/** Ends the embed links of a model, in the transaction of what ends them. */
export async function endEmbedsOfModel(
  trx: Transaction<Tables>,
  { owner, name }: ModelRef,
  at: number,
): Promise<void> {
  await ending(trx, at, 'model made private')
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .execute()
}

/** Ends the embed links that somebody made. */
export async function endEmbedsBy(
  trx: Transaction<Tables>,
  person: string,
  at: number,
): Promise<void> {
  await ending(trx, at, 'maker disabled').where('created_by', '=', person).execute()
}

function ending(trx: Transaction<Tables>, at: number, why: EmbedEnd) {
  return trx
    .updateTable('embed_links')
    .set({ ended_at: at, ended: why })
    .where('ended_at', 'is', null)
}

function newRow(link: EmbedLink) {
  return {
    id: link.id,
    hash: link.hash,
    model_owner: link.model.owner,
    model_name: link.model.name,
    origin: link.origin,
    shows: link.shows,
    sign_in: link.signIn ? 1 : 0,
    runs_per_day: link.runsPerDay,
    expires_at: link.expiresAt,
    created_by: link.createdBy,
    created_at: link.createdAt,
    runs: link.runs,
    used_at: link.usedAt,
    ended_at: link.endedAt,
    ended: link.ended,
  }
}

function readLink(row: Selectable<EmbedLinkRow>): EmbedLink {
  return {
    id: row.id,
    hash: row.hash,
    model: { owner: row.model_owner, name: row.model_name },
    origin: row.origin,
    shows: row.shows,
    signIn: row.sign_in === 1,
    runsPerDay: row.runs_per_day,
    expiresAt: row.expires_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
    runs: row.runs,
    usedAt: row.used_at,
    endedAt: row.ended_at,
    ended: row.ended,
  }
}
