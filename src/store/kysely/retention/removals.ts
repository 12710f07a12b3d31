import type { Kysely } from 'kysely'
import type { RemovalStore } from '../../retention.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

/** Deletions of many predictions that are under way. */
export function createRemovalStore(db: Kysely<Tables>, write: Write): RemovalStore {
  return {
    addRemoval: ({ id, filter, uploadsOf, createdAt }) =>
      write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('removals')
          .values({ id, filter: writeJson(filter), uploads_of: uploadsOf, created_at: createdAt })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 1n
      }),

    async removals() {
      const rows = await db.selectFrom('removals').selectAll().orderBy('created_at').execute()
      return rows.map((row) => ({
        id: row.id,
        filter: readJson(row.filter),
        uploadsOf: row.uploads_of,
        createdAt: row.created_at,
      }))
    },

    endRemoval: (id) =>
      write(async (trx) => {
        await trx.deleteFrom('removals').where('id', '=', id).execute()
      }),

    async madeBy(createdBy, limit) {
      const own = db
        .selectFrom('predictions')
        .select('id')
        .where('created_by', '=', createdBy)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
      const { predictions, files, bytes } = await db
        .with('own', () => own)
        .selectFrom('own')
        .leftJoin('files', 'files.prediction', 'own.id')
        .select(({ fn }) => fn.count<number>('own.id').distinct().as('predictions'))
        .select(({ fn }) => fn.count<number>('files.ref').as('files'))
        .select(({ fn }) => fn.sum<number | null>('files.size').as('bytes'))
        .executeTakeFirstOrThrow()
      return { predictions, files, bytes: bytes ?? 0 }
    },

    async fileSizes(limit, after) {
      let query = db
        .selectFrom('files')
        .leftJoin('predictions', 'predictions.id', 'files.prediction')
        .select(['files.ref', 'files.sha256', 'files.size', 'files.account as uploader'])
        .select(['files.owner', 'model_owner', 'model_name', 'created_by'])
        .orderBy('files.ref')
        .limit(limit)
      if (after !== null) query = query.where('files.ref', '>', after)
      const rows = await query.execute()
      return {
        files: rows.map((row) => ({
          sha256: row.sha256,
          size: row.size,
          model:
            row.model_owner === null || row.model_name === null
              ? null
              : { owner: row.model_owner, name: row.model_name },
          account: row.created_by ?? row.owner ?? row.uploader,
        })),
        next: rows.length === limit ? (rows.at(-1)?.ref ?? null) : null,
      }
    },
  }
}
