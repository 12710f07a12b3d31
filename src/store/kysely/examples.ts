import type { Store } from '../store.ts'
import type { Write } from './writer.ts'

/** Which predictions are examples of their model. */
export function createExampleStore(write: Write): Pick<Store, 'setExample'> {
  return {
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
