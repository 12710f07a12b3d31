import type { Kysely } from 'kysely'
import type { Share } from '../../domain/share.ts'
import type { Store } from '../store.ts'
import type { ShareRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type LinkStore = Pick<Store, 'share' | 'findShare' | 'sharesOf' | 'revokeShare' | 'setExample'>

/** Share links, and which predictions are examples of their model. */
export function createLinkStore(db: Kysely<Tables>, write: Write): LinkStore {
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
      return row ? readShare(row) : null
    },

    async sharesOf(prediction) {
      const rows = await db
        .selectFrom('shares')
        .selectAll()
        .where('prediction', '=', prediction)
        .where('revoked_at', 'is', null)
        .orderBy('created_at')
        .execute()
      return rows.map(readShare)
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
  }
}

function readShare({ token, prediction, created_at, revoked_at }: ShareRow): Share {
  return { token, prediction, createdAt: created_at, revokedAt: revoked_at }
}
