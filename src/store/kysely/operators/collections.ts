import type { Kysely } from 'kysely'
import type { CollectionRecord } from '../../../domain/model/collection.ts'
import type { Store } from '../../store.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { CollectionRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type CollectionStore = Pick<Store, 'collections' | 'saveCollection' | 'removeCollection'>

/** Collections that operators put together. */
export function createCollectionStore(db: Kysely<Tables>, write: Write): CollectionStore {
  return {
    async collections() {
      const rows = await db
        .selectFrom('collections')
        .selectAll()
        .orderBy('created_at')
        .orderBy('slug')
        .execute()
      return rows.map(readRecord)
    },

    saveCollection: (record, ifRevision) =>
      write(async (trx) => {
        const before = await trx
          .selectFrom('collections')
          .select('revision')
          .where('slug', '=', record.slug)
          .executeTakeFirst()
        if ((before?.revision ?? 0) !== ifRevision) return false
        const row = newRow(record)
        await trx
          .insertInto('collections')
          .values(row)
          .onConflict((conflict) => conflict.column('slug').doUpdateSet(row))
          .execute()
        return true
      }),

    removeCollection: (slug) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('collections')
          .where('slug', '=', slug)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}

function newRow({ createdAt, updatedAt, models, ...record }: CollectionRecord): CollectionRow {
  return { ...record, models: writeJson(models), created_at: createdAt, updated_at: updatedAt }
}

function readRecord({ created_at, updated_at, models, ...row }: CollectionRow): CollectionRecord {
  return { ...row, models: readJson(models), createdAt: created_at, updatedAt: updated_at }
}
