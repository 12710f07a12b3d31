import type { Kysely } from 'kysely'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { Store } from '../store.ts'
import type { Tables } from './tables.ts'

/** The last predictions of a viewer among which models are looked for. */
const mostRows = 200

/** The models that a viewer ran last. */
export function createRecentStore(db: Kysely<Tables>): Pick<Store, 'recentModels'> {
  return {
    async recentModels(createdBy, most) {
      const rows = await selectRecent(db, createdBy).execute()
      const last = new Map<string, { readonly ref: ModelRef; readonly at: number }>()
      for (const { model_owner: owner, model_name: name, created_at: at, parent } of rows) {
        const ref = { owner, name }
        if (parent === null && !last.has(modelName(ref))) last.set(modelName(ref), { ref, at })
      }
      return [...last.values()].slice(0, most)
    },
  }
}

export function selectRecent(db: Kysely<Tables>, createdBy: string) {
  return db
    .selectFrom('predictions')
    .select(['model_owner', 'model_name', 'created_at', 'parent'])
    .where('created_by', '=', createdBy)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostRows)
}
