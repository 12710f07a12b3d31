import type { Kysely } from 'kysely'
import type { UpstreamKey } from '../../../domain/model/upstream-key.ts'
import type { Store } from '../../store.ts'
import type { Tables, UpstreamKeyRow } from '../tables.ts'
import type { Write } from '../writer.ts'

type UpstreamKeyStore = Pick<Store, 'upstreamKeys' | 'saveUpstreamKey' | 'removeUpstreamKey'>

/** The keys of upstreams that operators gave. */
export function createUpstreamKeyStore(db: Kysely<Tables>, write: Write): UpstreamKeyStore {
  return {
    async upstreamKeys() {
      const rows = await db.selectFrom('upstream_keys').selectAll().orderBy('address').execute()
      return rows.map(readKey)
    },

    saveUpstreamKey: (key) =>
      write(async (trx) => {
        const row = newRow(key)
        await trx
          .insertInto('upstream_keys')
          .values(row)
          .onConflict((conflict) => conflict.column('address').doUpdateSet(row))
          .execute()
      }),

    removeUpstreamKey: (address) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('upstream_keys')
          .where('address', '=', address)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}

function newRow({ address, sealed, updatedAt, updatedBy }: UpstreamKey): UpstreamKeyRow {
  return { address, sealed, updated_at: updatedAt, updated_by: updatedBy }
}

function readKey({ address, sealed, updated_at, updated_by }: UpstreamKeyRow): UpstreamKey {
  return { address, sealed, updatedAt: updated_at, updatedBy: updated_by }
}
