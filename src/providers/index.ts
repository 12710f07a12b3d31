import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { ModelRecord } from '../domain/model-record.ts'
import type { Guard } from '../outbound/guard.ts'
import { root } from '../root.ts'
import { createLocalProvider, type RegisteredFolder } from './local/local.ts'
import type { Provider } from './provider.ts'

export interface ProviderParts {
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The models that operators added, and where they run. */
  readonly book: { all(): readonly ModelRecord[] }
  readonly guard: Guard
}

/** Every provider, in the order in which they are asked for a model. */
export function createProviders({
  config,
  environment,
  now,
  book,
}: ProviderParts): readonly Provider[] {
  return [
    createLocalProvider({
      roots: [...config.models, join(root, 'models')],
      registered: () => registeredFolders(book.all()),
      folder: join(config.data, 'local'),
      environment,
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
