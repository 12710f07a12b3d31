import type { Kysely } from 'kysely'
import type { RightsStore } from '../../people.ts'
import type { Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type GrantStore = Pick<RightsStore, 'grants' | 'saveGrant' | 'removeGrant'>

/** Access to private models that was given to people and groups. */
export function createGrantStore(db: Kysely<Tables>, write: Write): GrantStore {
  return {
    async grants() {
      const rows = await db.selectFrom('grants').selectAll().orderBy('created_at').execute()
      return rows.map(({ model_owner, model_name, created_at, created_by, ...same }) => ({
        ...same,
        model: { owner: model_owner, name: model_name },
        createdAt: created_at,
        createdBy: created_by,
      }))
    },

    saveGrant: ({ model, grantee, may, createdAt, createdBy }) =>
      write(async (trx) => {
        const given = { may, created_at: createdAt, created_by: createdBy }
        await trx
          .insertInto('grants')
          .values({ model_owner: model.owner, model_name: model.name, grantee, ...given })
          .onConflict((conflict) =>
            conflict.columns(['model_owner', 'model_name', 'grantee']).doUpdateSet(given),
          )
          .execute()
      }),

    removeGrant: ({ model, grantee }) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('grants')
          .where('model_owner', '=', model.owner)
          .where('model_name', '=', model.name)
          .where('grantee', '=', grantee)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}
