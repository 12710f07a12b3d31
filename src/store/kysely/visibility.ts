import { sql } from 'kysely'
import type { Store } from '../store.ts'
import type { Write } from './writer.ts'

/** Who may see a prediction, which its sub-runs follow. */
export function createVisibilityStore(write: Write): Pick<Store, 'setVisibility'> {
  return {
    setVisibility: (id, visibility) =>
      write(async (trx) => {
        const { rows } = await sql<{ id: string }>`
          with recursive changed (id) as (
            select ${id}
            union all
            select predictions.id from predictions join changed on predictions.parent = changed.id
          )
          update predictions set visibility = ${visibility}, revision = revision + 1
          where id in (select id from changed) and visibility <> ${visibility}
          returning id`.execute(trx)
        return rows.length > 0 && rows.map((row) => row.id)
      }),
  }
}
