import type { Site } from '../views/site.ts'
import type { Config } from './config.ts'
import type { Differences } from './files/drawings/differences.ts'
import type { Thumbnails } from './files/drawings/thumbnails.ts'
import type { Files } from './files/files.ts'
import type { Locks } from './locks/locks.ts'
import type { Paths } from './paths.ts'
import type { Provider } from './providers/provider.ts'
import type { StaticAsset, Stylesheet } from './routes/assets.ts'
import type { AccountNames } from './routes/people/account-names.ts'
import type { Looks } from './routes/people/looks.ts'
import type { Rates } from './routes/request/rates.ts'
import type { ViewerIds } from './routes/request/viewer.ts'
import type { ShareLinks } from './routes/shares/share-links.ts'
import type { CollectionRecords } from './runner/collection-records.ts'
import type { DeploymentRecords } from './runner/deployment-records.ts'
import type { ModelAccess } from './runner/model-access.ts'
import type { ModelEdits } from './runner/model-edits.ts'
import type { ModelRecords } from './runner/model-records.ts'
import type { Log } from './runner/options.ts'
import type { Removals } from './runner/removals.ts'
import type { RunTimes } from './runner/run-times.ts'
import type { Runner } from './runner/runner.ts'
import type { Statistics } from './runner/statistics.ts'
import type { Storage } from './runner/storage.ts'
import type { UpstreamKeys } from './runner/upstream-keys.ts'
import type { ModelSearch } from './search/model-search.ts'
import type { KnownPeople } from './sign-in/known-people.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Store } from './store/store.ts'
import type { UpstreamNotes } from './store/upstream-notes.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** The parts that routes use. */
export interface Deps {
  readonly config: Config
  readonly paths: Paths
  readonly store: Store
  readonly files: Files
  readonly thumbnails: Thumbnails
  readonly differences: Differences
  readonly providers: readonly Provider[]
  /** Operators' sources and settings of models. */
  readonly records: ModelRecords
  /** Operators' edits of models. Every `Model` of the runner has them. */
  readonly edits: ModelEdits
  /** The access that was given to private models. */
  readonly access: ModelAccess
  /** The collections that operators put together. */
  readonly collections: CollectionRecords
  readonly deployments: DeploymentRecords
  /** The keys of upstreams that operators gave. */
  readonly upstreamKeys: UpstreamKeys
  readonly runner: Runner
  /** Locks that hold over all replicas. */
  readonly locks: Locks
  readonly storage: Storage
  /** Deletions of many predictions. */
  readonly removals: Removals
  /** The runs of each model, counted as they end. */
  readonly statistics: Statistics
  readonly runTimes: RunTimes
  readonly modelSearch: ModelSearch
  readonly webhooks: Webhooks
  readonly assets: readonly StaticAsset[]
  readonly assetUrls: Site['assets']
  /** Null when no page inlines it. */
  readonly stylesheet: Stylesheet | null
  /** Signs addresses and webhooks of ours. */
  readonly key: string
  readonly viewerIds: ViewerIds
  readonly accountNames: AccountNames
  readonly looks: Looks
  /** The people who send requests. */
  readonly people: KnownPeople
  /** Signs people in at a provider; null where they do not sign in at one. */
  readonly signIn: SignIn | null
  /** Limits how often an account may ask; null for no limit. */
  readonly rates: Rates | null
  readonly shareLinks: ShareLinks
  /** The tokens of embed links. */
  readonly embedLinks: ShareLinks
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** Whether other servers write to the same database. */
  readonly isShared: boolean
  /** Descriptions of upstreams that all replicas share; null for a server that is alone. */
  readonly upstreamNotes: UpstreamNotes | null
  /**
   * Aborted when this server begins to stop while other replicas go on: then no request is held here any
   * longer. Null for a server that is alone.
   */
  readonly draining: AbortSignal | null
  /**
   * Resolves when what operators keep is known here as the other replicas have changed it: before a request
   * that rests on it. Null for a server that is alone.
   */
  readonly inStep: (() => Promise<void>) | null
  readonly log: Log
}
