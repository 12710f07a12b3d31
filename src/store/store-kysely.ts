import { type Kysely, sql } from 'kysely'
import { createDeliveryStore } from './deliveries-kysely.ts'
import { createDeploymentStore } from './deployments-kysely.ts'
import { createFileStore } from './files-kysely.ts'
import { createLinkStore } from './links-kysely.ts'
import { createListStore } from './lists-kysely.ts'
import { createModelStore } from './models-kysely.ts'
import { createPredictionStore } from './predictions-kysely.ts'
import { createRunStore } from './runs-kysely.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { createUploadStore } from './uploads-kysely.ts'
import { createVersionStore } from './versions-kysely.ts'
import { createWriter } from './writer.ts'

/** The store over any database that Kysely speaks to and whose tables are in place. */
export function createStore(db: Kysely<Tables>): Store {
  const { write, idle } = createWriter(db)
  const { keeping, ...versions } = createVersionStore(db, write)
  return {
    ...createPredictionStore(db, write, keeping),
    ...createListStore(db, write),
    ...versions,
    ...createRunStore(db),
    ...createFileStore(db, write),
    ...createUploadStore(db, write),
    ...createLinkStore(db, write),
    ...createModelStore(db, write),
    ...createDeploymentStore(db, write),
    ...createDeliveryStore(db, write),

    async ping() {
      await sql`select 1`.execute(db)
    },

    async close() {
      await idle()
      await db.destroy()
    },
  }
}
