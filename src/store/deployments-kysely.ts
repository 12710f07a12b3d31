import type { Kysely } from 'kysely'
import { formatJson, type Json, parseJson } from '../domain/json/json.ts'
import type { Release } from '../domain/model/deployment.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

type DeploymentStore = Pick<Store, 'deployments' | 'saveDeployment' | 'removeDeployment'>

/** Names under which models run with limits of their own. */
export function createDeploymentStore(db: Kysely<Tables>, write: Write): DeploymentStore {
  return {
    async deployments() {
      const rows = await db
        .selectFrom('deployments')
        .selectAll()
        .orderBy('created_at')
        .orderBy('owner')
        .orderBy('name')
        .execute()
      // Rows were written below, so what is read back is what was put in.
      return rows.map(({ owner, name, release }) => ({
        ref: { owner, name },
        current: parseJson(release) as unknown as Release,
      }))
    },

    saveDeployment: ({ ref, current }) =>
      write(async (trx) => {
        const release = formatJson(current as unknown as Json)
        await trx
          .insertInto('deployments')
          .values({ ...ref, release, created_at: current.createdAt })
          .onConflict((conflict) => conflict.columns(['owner', 'name']).doUpdateSet({ release }))
          .execute()
      }),

    removeDeployment: ({ owner, name }) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('deployments')
          .where('owner', '=', owner)
          .where('name', '=', name)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}
