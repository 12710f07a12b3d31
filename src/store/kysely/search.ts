import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { Store, TextSearch } from '../store.ts'
import type { Tables } from './tables.ts'
import { insertParts, type PartIndex, partIndexOf } from './texts/part-index.ts'
import type { Write } from './writer.ts'

type SearchStore = Pick<Store, 'seenModels' | 'seeModels' | 'indexModels' | 'findModels'>

/** When models were first seen, and the index of their texts by trigrams. */
export function createSearchStore(db: Kysely<Tables>, write: Write): SearchStore {
  const index = partIndexOf(db)

  return {
    async seenModels() {
      const rows = await db.selectFrom('seen_models').selectAll().orderBy('id').execute()
      return rows.map(({ model_owner, model_name, seen_at, signature }) => ({
        ref: { owner: model_owner, name: model_name },
        seenAt: seen_at,
        signature,
      }))
    },

    async seeModels(refs, at) {
      for (let from = 0; from < refs.length; from += batch) {
        const rows = refs.slice(from, from + batch).map((ref) => rowOf(ref, at, null))
        await write(async (trx) => {
          await trx
            .insertInto('seen_models')
            .values(rows)
            .onConflict((conflict) => conflict.columns(['model_owner', 'model_name']).doNothing())
            .execute()
        })
      }
    },

    indexModels: (models, at) =>
      write(async (trx) => {
        for (const { ref, signature, texts } of models) {
          const id = await sign(trx, ref, at, signature)
          await sql`delete from model_texts where rowid = ${id}`.execute(trx)
          await insertParts(index, id, texts).execute(trx)
        }
      }),

    async findModels(search) {
      if (search.parts.length === 0) return []
      const { rows } = await sql<{ model_owner: string; model_name: string }>`
        select model_owner, model_name from (${found(index, search)}) as found
        join seen_models on seen_models.id = found.id
        order by found.count desc, found.id`.execute(db)
      return rows.map((row): ModelRef => ({ owner: row.model_owner, name: row.model_name }))
    },
  }
}

/** Rows in one statement, which SQLite writes within a millisecond. */
const batch = 50

function rowOf({ owner, name }: ModelRef, at: number, signature: string | null) {
  return { model_owner: owner, model_name: name, seen_at: at, signature }
}

/** Keeps the signature of a model’s indexed texts. Resolves with the id of both. */
async function sign(
  trx: Transaction<Tables>,
  ref: ModelRef,
  at: number,
  signature: string,
): Promise<number> {
  const { id } = await trx
    .insertInto('seen_models')
    .values(rowOf(ref, at, signature))
    .onConflict((conflict) =>
      conflict.columns(['model_owner', 'model_name']).doUpdateSet({ signature }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The rows with enough of the parts, and how many each has. */
function found({ hasAll }: PartIndex, search: TextSearch): RawBuilder<unknown> {
  const { parts, fields, least, most } = search
  if (least >= parts.length)
    return sql`
      select rowid as id, ${sql.lit(parts.length)} as count from model_texts
      where ${hasAll(parts, fields)} order by rowid limit ${most}`
  const each = parts.map(
    (part) => sql`select rowid as id from model_texts where ${hasAll([part], fields)}`,
  )
  return sql`
    select id, count(*) as count from (${sql.join(each, sql` union all `)}) as matches
    group by id having count(*) >= ${least} order by count(*) desc, id limit ${most}`
}
