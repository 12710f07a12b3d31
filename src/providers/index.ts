import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { ModelRecord } from '../domain/model/record.ts'
import type { Guard } from '../outbound/guard.ts'
import { root } from '../root.ts'
import { createCogProvider } from './cog/cog.ts'
import type { RegisteredFolder } from './local/library/library.ts'
import { createLocalProvider } from './local/local.ts'
import type { Provider } from './provider.ts'
import { createReplicateProvider } from './replicate/replicate.ts'

export interface ProviderParts {
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The models that operators added, and where they run. */
  readonly records: { all(): readonly ModelRecord[] }
  readonly guard: Guard
}

/** Every provider, in the order in which they are asked for a model. */
export function createProviders(parts: ProviderParts): readonly Provider[] {
  const { config, environment, now, records, guard } = parts
  return [
    createLocalProvider({
      roots: [...config.models, join(root, 'models')],
      registered: () => registeredFolders(records.all()),
      folder: join(config.data, 'local'),
      environment,
      now,
    }),
    createCogProvider({
      models: config.cogModels,
      records,
      guard,
      folder: join(config.data, 'cog'),
      now,
    }),
    createReplicateProvider({
      ...config.replicate,
      folder: join(config.data, 'replicate'),
      records,
      guard,
      maxFileBytes: config.maxUpload,
      now,
    }),
  ]
}

/** The model folders among what operators added. */
export function registeredFolders(records: readonly ModelRecord[]): readonly RegisteredFolder[] {
  return records.flatMap(({ ref, source }) =>
    source?.provider === 'local' ? [{ ref, folder: source.folder }] : [],
  )
}
