import type { Kysely } from 'kysely'
import type { Store } from '../store.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

/** The predictions that each viewer keeps as favourites. */
export function createFavouriteStore(
  db: Kysely<Tables>,
  write: Write,
): Pick<Store, 'setFavourite' | 'favouritesAmong'> {
  return {
    setFavourite: (viewer, { id, createdAt }, isFavourite) =>
      write(async (trx) => {
        if (isFavourite)
          await trx
            .insertInto('favourites')
            .values({ viewer, prediction: id, created_at: createdAt })
            .onConflict((conflict) => conflict.columns(['viewer', 'prediction']).doNothing())
            .execute()
        else
          await trx
            .deleteFrom('favourites')
            .where('viewer', '=', viewer)
            .where('prediction', '=', id)
            .execute()
      }),

    async favouritesAmong(viewer, predictions) {
      if (predictions.length === 0) return new Set()
      const rows = await db
        .selectFrom('favourites')
        .select('prediction')
        .where('viewer', '=', viewer)
        .where('prediction', 'in', predictions)
        .execute()
      return new Set(rows.map(({ prediction }) => prediction))
    },
  }
}
