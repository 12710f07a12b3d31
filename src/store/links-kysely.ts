import type { Kysely } from 'kysely'
import { type Listed, selectListed } from './listed-kysely.ts'
import { shareFromRow } from './rows.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

type LinkStore = Pick<
  Store,
  'share' | 'findShare' | 'sharesOf' | 'revokeShare' | 'setExample' | 'examplesOf'
>

const mostExamples = 50

/** What leads to a prediction besides its own address: share links, and the examples of its model. */
export function createLinkStore(db: Kysely<Tables>, write: Write, listed: Listed): LinkStore {
  return {
    share: ({ token, prediction, createdAt }) =>
      write(async (trx) => {
        const shared = await trx
          .selectFrom('shares')
          .select('token')
          .where('prediction', '=', prediction)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (shared) return
        await trx
          .insertInto('shares')
          .values({ token, prediction, created_at: createdAt, revoked_at: null })
          .execute()
      }),

    async findShare(token) {
      const row = await db
        .selectFrom('shares')
        .selectAll()
        .where('token', '=', token)
        .executeTakeFirst()
      return row ? shareFromRow(row) : null
    },

    async sharesOf(prediction) {
      const rows = await db
        .selectFrom('shares')
        .selectAll()
        .where('prediction', '=', prediction)
        .where('revoked_at', 'is', null)
        .orderBy('created_at')
        .execute()
      return rows.map(shareFromRow)
    },

    revokeShare: (token, at) =>
      write(async (trx) => {
        await trx
          .updateTable('shares')
          .set({ revoked_at: at })
          .where('token', '=', token)
          .where('revoked_at', 'is', null)
          .execute()
      }),

    setExample: ({ id, model }, isExample, at) =>
      write(async (trx) => {
        if (!isExample) await trx.deleteFrom('examples').where('prediction', '=', id).execute()
        else
          await trx
            .insertInto('examples')
            .values({
              prediction: id,
              model_owner: model.owner,
              model_name: model.name,
              created_at: at,
            })
            .onConflict((conflict) => conflict.column('prediction').doNothing())
            .execute()
      }),

    async examplesOf(model) {
      const rows = await selectListed(db.selectFrom('predictions'))
        .innerJoin('examples', 'examples.prediction', 'predictions.id')
        .where('examples.model_owner', '=', model.owner)
        .where('examples.model_name', '=', model.name)
        .orderBy('examples.created_at')
        .limit(mostExamples)
        .execute()
      return listed(rows)
    },
  }
}
