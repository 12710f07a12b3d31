import type { Kysely } from 'kysely'
import type { Store } from '../../store.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type DeploymentStore = Pick<Store, 'deployments' | 'saveDeployment' | 'removeDeployment'>

/** Deployments: names under which models run with their own limits. */
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
      return rows.map(({ owner, name, release }) => ({
        ref: { owner, name },
        // Releases from before it could be chosen have none.
        current: { ...readJson(release), idleMs: readJson(release).idleMs ?? null },
      }))
    },

    saveDeployment: ({ ref, current }) =>
      write(async (trx) => {
        const before = await trx
          .selectFrom('deployments')
          .select('release')
          .where('owner', '=', ref.owner)
          .where('name', '=', ref.name)
          .executeTakeFirst()
        const number = before ? readJson(before.release).number : 0
        if (number !== current.number - 1) return false
        const release = writeJson(current)
        await trx
          .insertInto('deployments')
          .values({ ...ref, release, created_at: current.createdAt })
          .onConflict((conflict) => conflict.columns(['owner', 'name']).doUpdateSet({ release }))
          .execute()
        return true
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
