import { join } from 'node:path'
import type { Config } from '../config.ts'
import { root } from '../root.ts'
import { createLocalProvider } from './local/local.ts'
import type { Provider } from './provider.ts'

/** Every provider, in the order in which they are asked for a model. */
export function createProviders(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number,
): readonly Provider[] {
  return [
    createLocalProvider({
      roots: [...config.models, join(root, 'models')],
      folder: join(config.data, 'local'),
      environment,
      now,
    }),
  ]
}
