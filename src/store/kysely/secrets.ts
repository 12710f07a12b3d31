import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** The sealed secrets of unsettled predictions. */
export function createSecretStore(db: Kysely<Tables>) {
  // Unsettled predictions that were accepted here without secrets: there is nothing to delete.
  const secretless = new Set<string>()

  return {
    async findSecrets(prediction: string): Promise<string | null> {
      const row = await db
        .selectFrom('secrets')
        .select('sealed')
        .where('prediction', '=', prediction)
        .executeTakeFirst()
      return row?.sealed ?? null
    },

    async keepSecrets(trx: Transaction<Tables>, prediction: string, sealed: string | null) {
      if (sealed !== null) await trx.insertInto('secrets').values({ prediction, sealed }).execute()
    },

    /** To be called after the transaction that accepted a prediction without secrets. */
    hasNone(prediction: string): void {
      secretless.add(prediction)
    },

    async dropSecrets(trx: Transaction<Tables>, prediction: string): Promise<void> {
      if (secretless.delete(prediction)) return
      await trx.deleteFrom('secrets').where('prediction', '=', prediction).execute()
    },
  }
}
