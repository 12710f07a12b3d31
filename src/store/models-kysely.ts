import type { Kysely } from 'kysely'
import { formatJson, type Json, parseJson } from '../domain/json/json.ts'
import type { ModelRecord } from '../domain/model/record.ts'
import type { Store } from './store.ts'
import type { ModelRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type ModelStore = Pick<Store, 'models' | 'saveModel' | 'removeModel'>

/** What operators said of models. */
export function createModelStore(db: Kysely<Tables>, write: Write): ModelStore {
  return {
    async models() {
      const rows = await db.selectFrom('models').selectAll().orderBy('created_at').execute()
      return rows.map(fromRow)
    },

    saveModel: (record) =>
      write(async (trx) => {
        const row = toRow(record)
        await trx
          .insertInto('models')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['model_owner', 'model_name']).doUpdateSet({
              source: row.source,
              details: row.details,
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

function toRow({ ref, source, details, settings, createdAt, updatedAt }: ModelRecord): ModelRow {
  return {
    model_owner: ref.owner,
    model_name: ref.name,
    source: source && formatJson(source as unknown as Json),
    details: formatJson(details as unknown as Json),
    settings: formatJson(settings as unknown as Json),
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

// Rows were written by `toRow`, so what is read back is what was put in.
function fromRow(row: ModelRow): ModelRecord {
  return {
    ref: { owner: row.model_owner, name: row.model_name },
    source:
      row.source === null ? null : (parseJson(row.source) as unknown as ModelRecord['source']),
    details: parseJson(row.details) as unknown as ModelRecord['details'],
    settings: parseJson(row.settings) as unknown as ModelRecord['settings'],
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}
