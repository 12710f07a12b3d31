import type { Changes } from '../changes/changes.ts'
import type { StoredFile } from '../domain/file/file.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import type { Viewer } from '../domain/people/viewer.ts'
import type { Files, StoredContent } from '../files/files.ts'
import type { Guard } from '../outbound/guard.ts'
import type { Provider } from '../providers/provider.ts'
import type { Seal } from '../seal.ts'
import type { Queue } from '../store/queue/queue.ts'
import type { Replicas } from '../store/replicas.ts'
import type { Store } from '../store/store.ts'
import type { UsageTable } from '../store/usage.ts'
import type { DeploymentRecords } from './deployment-records.ts'
import type { ModelAccess } from './model-access.ts'
import type { ModelEdits } from './model-edits.ts'
import type { ModelRecords } from './model-records.ts'
import type { QuotasOptions } from './quotas/quotas.ts'
import type { ReplicaTiming } from './replicas/heartbeat.ts'

export interface RunnerOptions extends Pick<QuotasOptions, 'memberQuota' | 'roleOf'> {
  readonly store: Store
  readonly files: Files
  readonly providers: readonly Provider[]
  /** The operators' records of models. */
  readonly records: ModelRecords
  /** Their edits of models. */
  readonly edits: ModelEdits
  /** The access that they gave to private models. */
  readonly access: ModelAccess
  readonly deployments: DeploymentRecords
  /** The viewer that an account is now: a run starts others by the rights of its maker. */
  readonly viewerOf: (account: string) => Promise<Viewer>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What waits, and what runs. */
  readonly queue: Queue
  /** What people have used, counted over all replicas; null for a server that is alone. */
  readonly usage: UsageTable | null
  readonly changes: Changes
  /** The servers that share the database; null for one that is alone. */
  readonly replicas: Replicas | null
  /** Resolves when what operators keep is known here as the other replicas have changed it. */
  readonly inStep: () => Promise<void>
  /** The name of this host. */
  readonly hostName: string
  readonly timing?: Partial<ReplicaTiming> | undefined
  /** A fresh id: 26 characters of base32. */
  readonly newId: () => string
  /** Fetches the URLs in inputs. */
  readonly guard: Guard
  /** Encrypts the secrets of a prediction until it settles. */
  readonly seal: Seal
  /** The callback URL for a provider and a token; null when no upstream can reach this server. */
  readonly callbackUrl: ((provider: string, token: string) => string) | null
  /** The URL of an input file for a token; null when no upstream can reach this server. */
  readonly callbackFileUrl: ((token: string, file: StoredFile) => string) | null
  /** The same for upstreams on this machine; null while the port is not known. */
  readonly ownCallbackUrl?: (provider: string, token: string) => string | null
  readonly ownFileUrl?: (token: string, file: StoredFile) => string | null
  /** Makes the token of an attempt. Tokens cannot be guessed. */
  readonly callbackToken: (id: string, attempt: number) => string
  /** The attempt of a token; null for one that no server with our key made. */
  readonly readCallbackToken: (
    token: string,
  ) => { readonly id: string; readonly attempt: number } | null
  /** The content that the URL of an input file names; null for one that no server with our key made. */
  readonly readFileContent: (token: string, text: string) => StoredContent | null
  readonly log: Log
  /** Told when a run of a cold model begins, which boots it. */
  readonly coldRun?: (id: string, at: number) => void
  /** The usual time of a run of a model in milliseconds, as far as it is known. */
  readonly usualRun?: (model: ModelRef) => number | null
  /** The longest run of a model without a time-out of its own, in milliseconds. */
  readonly runTimeoutMs: number
  /** The most predictions in the queue of a model. */
  readonly maxQueue: number
  /** The largest file that a run may make, in bytes. */
  readonly maxFileBytes: number
}

export interface Log {
  info(details: object, message: string): void
  error(details: object, message: string): void
}
