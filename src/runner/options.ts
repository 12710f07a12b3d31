import type { StoredFile } from '../domain/file/file.ts'
import type { Files } from '../files/files.ts'
import type { Guard } from '../outbound/guard.ts'
import type { Provider } from '../providers/provider.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import type { DeploymentRecords } from './deployment-records.ts'
import type { ModelRecords } from './model-records.ts'

/** What the runner works with. */
export interface RunnerOptions {
  readonly store: Store
  readonly files: Files
  readonly providers: readonly Provider[]
  /** What operators said of models. */
  readonly records: ModelRecords
  /** Names under which models run with limits of their own. */
  readonly deployments: DeploymentRecords
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A fresh id: 26 characters of base32. */
  readonly newId: () => string
  /** Fetches what inputs name by address. */
  readonly guard: Guard
  /** Keeps the secrets of a run until it settles. */
  readonly seal: Seal
  /** Where an upstream of a provider can report under a token; null when none can reach us. */
  readonly callbackUrl: ((provider: string, token: string) => string) | null
  /** Where an upstream can fetch an input under a token; null when none can reach us. */
  readonly callbackFileUrl: ((token: string, file: StoredFile) => string) | null
  /** The same at an address that is good on this machine alone; null while it is not known. */
  readonly ownCallbackUrl?: (provider: string, token: string) => string | null
  readonly ownFileUrl?: (token: string, file: StoredFile) => string | null
  /** Makes the tokens of callback addresses: nobody else can. */
  readonly callbackToken: (id: string, attempt: number) => string
  readonly log: Log
  /** Longest run of a model that names no time of its own, in milliseconds. */
  readonly runTimeoutMs: number
  /** Most predictions that wait for one model. */
  readonly maxQueue: number
  /** Largest file that a run may make, in bytes. */
  readonly maxFileBytes: number
}

export interface Log {
  info(details: object, message: string): void
  error(details: object, message: string): void
}
