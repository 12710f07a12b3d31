import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compose, type Surroundings } from '../../src/compose.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { builtDescriptions } from '../../src/providers/local/library/description-files.ts'
import type { LocalLimits } from '../../src/providers/local/limits.ts'
import { createLocalProvider, registeredFolders } from '../../src/providers/local/local.ts'
import type { Provider, ProviderParts } from '../../src/providers/provider.ts'
import { root } from '../../src/root.ts'
import type { ModelRecords } from '../../src/runner/model-records.ts'
import type { Log } from '../../src/runner/options.ts'
import { writeMigratedDatabase } from './migrated-database.ts'
import { temporaryFolder } from './run-folder.ts'
import { testSecret } from './secret.ts'

export interface TestAppOptions
  extends Pick<Surroundings, 'webhooks' | 'wrapFiles' | 'wrapStore' | 'timing'> {
  /** Environment variables, as an operator would set them. */
  readonly environment?: Readonly<Record<string, string>>
  /** Folders of models; the embedded ones by default. */
  readonly models?: readonly string[]
  /** The data folder, when it is to outlive the app. */
  readonly data?: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly log?: Log
  /** Whether local models are read before anything is asked for: true when left out. */
  readonly readsFirst?: boolean
  /** Of local models; lists wait for all of them, unless this says otherwise. */
  readonly localLimits?: Partial<LocalLimits>
  readonly providers?: (
    config: Config,
    records: ModelRecords,
    keys: ProviderParts['keys'],
    parts: ProviderParts,
  ) => readonly Provider[]
}

let databaseOf: (data: string) => Promise<string | null> = async () => null

/** Opens test apps that name no database on others than SQLite: `of` resolves with a URL for a data folder. */
export function openOn(of: (data: string) => Promise<string>): void {
  databaseOf = of
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>

/** The real application on a real database and disk, without a socket. */
export async function createTestApp(options: TestAppOptions = {}) {
  const data = options.data ?? temporaryFolder('sandpit-test-')
  const database = await databaseOf(data)
  const reading = readConfig({
    SANDPIT_SECRET: testSecret,
    ...(database === null ? {} : { DATABASE_URL: database }),
    ...options.environment,
    SANDPIT_DATA: data,
  })
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  const { config } = reading
  const sqlite = join(data, 'sandpit.sqlite')
  if (config.databaseUrl === null && !existsSync(sqlite)) await writeMigratedDatabase(sqlite)
  const sandpit = await compose(config, {
    ...options,
    environment: options.environment ?? {},
    now: options.now ?? Date.now,
    chance: () => 0.5,
    log: options.log ?? { info() {}, error() {} },
    providers: ({ records, ...parts }) =>
      options.providers?.(config, records, parts.keys, { records, ...parts }) ?? [
        createLocalProvider({
          roots: options.models ?? [join(root, 'models')],
          registered: () => registeredFolders(records.all()),
          records: records.all,
          deployments: parts.deployments.all,
          isPredicted: parts.isPredicted,
          folder: join(data, 'local'),
          descriptions: builtDescriptions,
          environment: parts.environment,
          now: Date.now,
          limits: { listWaitMs: 30_000, ...options.localLimits },
        }),
      ],
    assets: {
      assets: [],
      assetUrls: {
        'app.css': '',
        'page.js': '',
        'more.js': '',
        'embed.css': '',
        'embed.js': '',
        'frame.js': '',
        'mask.js': '',
        'record.js': '',
        'sandpit.svg': '',
      },
      stylesheet: null,
    },
  })
  const { app, deps } = sandpit
  if (!options.providers && options.readsFirst !== false) {
    await deps.runner.readModels()
  }
  return {
    ...deps,
    app,
    data,
    /** The parts that the app is made of. */
    deps,
    /** Those that are being closed. */
    ending: sandpit.ending,
    /** Ends everything as a server that is told to stop does. */
    async close() {
      await sandpit.close({ runs: 0, webhooks: 0, noticed: 0 })
      if (options.data === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
}
