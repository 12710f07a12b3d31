import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { endSharesOf, endSharesOfGroupsWith } from './people/shares.ts'
import type { Write } from './writer.ts'

/** Who may see a prediction, which its sub-runs follow. */
export function createVisibilityStore(write: Write): Pick<Store, 'setVisibility'> {
  return {
    setVisibility: (id, visibility, at) =>
      write(async (trx) => {
        const { rows } = await sql<{ id: string }>`
          with recursive changed (id) as (
            select id from predictions where id = ${id}
            union all
            select predictions.id from predictions join changed on predictions.parent = changed.id
          )
          update predictions set visibility = ${visibility}, revision = revision + 1
          where id in (select id from changed) and visibility <> ${visibility}
          returning id`.execute(trx)
        const changed = rows.map((row) => row.id)
        if (visibility === 'private') {
          await endSharesOf(trx, changed, at, 'made private')
          await endSharesOfGroupsWith(trx, changed, at)
        }
        return changed.length > 0 && changed
      }),
  }
}
