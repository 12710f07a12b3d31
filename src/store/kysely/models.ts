import type { Kysely } from 'kysely'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { Store } from '../store.ts'
import { readJson, writeJson } from './prediction-rows.ts'
import type { ModelRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type ModelStore = Pick<Store, 'models' | 'saveModel' | 'removeModel'>

/** The records that operators keep of models. */
export function createModelStore(db: Kysely<Tables>, write: Write): ModelStore {
  return {
    async models() {
      const rows = await db.selectFrom('models').selectAll().orderBy('created_at').execute()
      return rows.map(readRecord)
    },

    saveModel: (record) =>
      write(async (trx) => {
        const row = newRow(record)
        await trx
          .insertInto('models')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['model_owner', 'model_name']).doUpdateSet({
              source: row.source,
              hardware: row.hardware,
              settings: row.settings,
              updated_at: row.updated_at,
            }),
          )
          .execute()
      }),

    removeModel: (ref) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('models')
          .where('model_owner', '=', ref.owner)
          .where('model_name', '=', ref.name)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}

function newRow({ ref, source, hardware, settings, createdAt, updatedAt }: ModelRecord): ModelRow {
  return {
    model_owner: ref.owner,
    model_name: ref.name,
    source: source && writeJson(source),
    hardware,
    settings: writeJson(settings),
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

function readRecord(row: ModelRow): ModelRecord {
  return {
    ref: { owner: row.model_owner, name: row.model_name },
    source: row.source === null ? null : readJson(row.source),
    hardware: row.hardware,
    settings: readJson(row.settings),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
