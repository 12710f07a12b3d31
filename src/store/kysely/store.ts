import { type Kysely, sql } from 'kysely'
import type { Store } from '../store.ts'
import { createDeliveryStore } from './deliveries.ts'
import { createExampleStore } from './examples.ts'
import { createFavouriteStore } from './favourites.ts'
import { createFileStore } from './files.ts'
import { createAgainStore } from './groups/again.ts'
import { createMemberStore } from './groups/members.ts'
import { createPlanStore } from './groups/plans.ts'
import { createJudgementStore } from './judgements/judgements.ts'
import { createListStore } from './lists.ts'
import { createModelStore } from './models.ts'
import { createCollectionStore } from './operators/collections.ts'
import { createDeploymentStore } from './operators/deployments.ts'
import { createModelEditStore } from './operators/model-edits.ts'
import { createStatisticsStore } from './operators/statistics.ts'
import { createUpstreamKeyStore } from './operators/upstream-keys.ts'
import { createAuditStore, recordingWrite } from './people/audit.ts'
import { createEmbedStore } from './people/embed-links.ts'
import { createGrantStore } from './people/grants.ts'
import { createPersonStore } from './people/persons.ts'
import { createSessionStore } from './people/sessions.ts'
import { createShareStore } from './people/shares.ts'
import { createTokenStore } from './people/tokens.ts'
import { createPredictionStore } from './predictions.ts'
import { createRecentStore } from './recent.ts'
import { createRemovalStore } from './retention/removals.ts'
import { createRetentionStore } from './retention/retention.ts'
import { createRunStore } from './runs.ts'
import { createSearchStore } from './search.ts'
import type { Tables } from './tables.ts'
import { createUploadStore } from './uploads.ts'
import { createVersionCache, createVersionStore } from './versions.ts'
import { createVisibilityStore } from './visibility.ts'
import type { Write, Writer } from './writer.ts'

export interface StoreOptions {
  readonly writer: Writer
  /** The id of this replica; null for a server that is alone on its database. */
  readonly replica: string | null
}

/** The store over any database that Kysely speaks to and whose tables are in place. */
export function createStore(db: Kysely<Tables>, { writer, replica }: StoreOptions): Store {
  const { write, idle } = writer
  const cache = createVersionCache()
  const { keeping, ...versions } = createVersionStore(db, write, cache)
  return {
    ...createPredictionStore(db, write, keeping, replica),
    ...createListStore(db, write),
    ...versions,
    ...createRunStore(db),
    ...createFileStore(db, write),
    ...createSearchStore(db, write),
    ...createRecentStore(db),
    ...createFavouriteStore(db, write),
    ...createJudgementStore(db, write),
    ...createStatisticsStore(db, write),
    ...createDeliveryStore(db, write),
    ...createRetentionStore(db, write),
    ...createAuditStore(db, write),
    ...createRecordedStores(db, write),

    recording(entry) {
      const recorded = recordingWrite(write, entry)
      const { remove } = createPredictionStore(db, recorded, keeping, replica)
      const { removeVersion } = createVersionStore(db, recorded, cache)
      return { ...createRecordedStores(db, recorded), remove, removeVersion }
    },

    async ping() {
      await sql`select 1`.execute(db)
    },

    async close() {
      await idle()
      await db.destroy()
    },
  }
}

/** The stores whose changes can have an entry in the audit log. They keep nothing in memory. */
function createRecordedStores(db: Kysely<Tables>, write: Write) {
  return {
    ...createUploadStore(db, write),
    ...createShareStore(db, write),
    ...createEmbedStore(db, write),
    ...createExampleStore(write),
    ...createModelStore(db, write),
    ...createModelEditStore(db, write),
    ...createUpstreamKeyStore(db, write),
    ...createCollectionStore(db, write),
    ...createDeploymentStore(db, write),
    ...createPersonStore(db, write),
    ...createSessionStore(db, write),
    ...createTokenStore(db, write),
    ...createGrantStore(db, write),
    ...createRemovalStore(db, write),
    ...createPlanStore(db, write),
    ...createMemberStore(db, write),
    ...createAgainStore(db, write),
    ...createVisibilityStore(write),
  }
}
