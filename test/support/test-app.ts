import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.tsx'
import { createCallbackTokens } from '../../src/callback-tokens.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Deps } from '../../src/deps.ts'
import { newId } from '../../src/domain/id.ts'
import { openDisk } from '../../src/files/disk.ts'
import type { Files } from '../../src/files/files.ts'
import { createThumbnails } from '../../src/files/thumbnails.ts'
import { createGuard } from '../../src/outbound/guard.ts'
import { createPaths } from '../../src/paths.ts'
import { registeredFolders } from '../../src/providers/index.ts'
import type { LocalLimits } from '../../src/providers/local/limits.ts'
import { createLocalProvider } from '../../src/providers/local/local.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { root } from '../../src/root.ts'
import { webhookBody } from '../../src/routes/webhook-body.ts'
import { openDeploymentBook } from '../../src/runner/deployment-book.ts'
import { type ModelBook, openModelBook } from '../../src/runner/model-book.ts'
import type { Log } from '../../src/runner/options.ts'
import { createRunner } from '../../src/runner/runner.ts'
import { createSeal } from '../../src/seal.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { webhookSecret } from '../../src/webhooks/secret.ts'
import { createWebhooks, type WebhooksOptions } from '../../src/webhooks/webhooks.ts'

export interface TestAppOptions {
  /** Environment variables, as an operator would set them. */
  readonly environment?: Readonly<Record<string, string>>
  /** Folders of models; the embedded ones by default. */
  readonly models?: readonly string[]
  /** The data folder, when it is to outlive the app. */
  readonly data?: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly log?: Log
  /** The timers of webhooks, and how long receivers may take. */
  readonly webhooks?: Partial<Pick<WebhooksOptions, 'setTimer' | 'answerMs'>>
  /** In place of the file store on disk: to make it fail as disks do. */
  readonly wrapFiles?: (files: Files) => Files
  /** In place of the store: to make it as slow as a busy disk. */
  readonly wrapStore?: (store: Store) => Store
  /** Whether local models are read before anything is asked for: true when left out. */
  readonly readsFirst?: boolean
  /** Of local models; lists wait for all of them, unless this says otherwise. */
  readonly localLimits?: Partial<LocalLimits>
  readonly providers?: (config: Config, book: ModelBook) => readonly Provider[]
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>

/** The real application on a real database and disk, without a socket. */
export async function createTestApp(options: TestAppOptions = {}) {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'sandpit-test-'))
  const reading = readConfig({ ...options.environment, SANDPIT_DATA: data })
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  const { config } = reading
  const now = options.now ?? Date.now
  const database = await openSqlite(join(data, 'sandpit.sqlite'))
  const store = options.wrapStore?.(database) ?? database
  const disk = await openDisk(join(data, 'files'))
  const files = options.wrapFiles?.(disk) ?? disk
  const book = await openModelBook(store, now)
  const deployments = await openDeploymentBook(store)
  const guard = createGuard({ allow: config.outboundAllow })
  const providers = options.providers?.(config, book) ?? [
    createLocalProvider({
      roots: options.models ?? [join(root, 'models')],
      registered: () => registeredFolders(book.all()),
      folder: join(data, 'local'),
      environment: options.environment ?? {},
      now: Date.now,
      limits: { listWaitMs: 30_000, ...options.localLimits },
    }),
  ]
  const paths = createPaths(config.base)
  const id = () => newId(randomBytes(16))
  const log = options.log ?? { info() {}, error() {} }
  const runner = createRunner({
    store,
    files,
    providers,
    now,
    newId: id,
    guard,
    book,
    deployments,
    ...createCallbackTokens(config, paths, 'a key for tests'),
    seal: createSeal(Buffer.alloc(32, 7).toString('base64')),
    log,
    runTimeoutMs: config.runTimeoutMs,
    maxQueue: config.maxQueue,
    maxFileBytes: config.maxUpload,
  })
  const key = 'a key for tests'
  const origin = config.url?.origin ?? 'http://localhost'
  const webhooks = createWebhooks({
    book: store,
    find: runner.find,
    guard,
    bodyOf: (prediction) => webhookBody({ config, paths, files, store, key }, origin, prediction),
    secretOf: (createdBy) => webhookSecret(key, createdBy),
    now,
    chance: () => 0.5,
    log,
    ...options.webhooks,
  })
  runner.listenToSaves(webhooks.saved)
  const deps: Deps = {
    config,
    paths,
    store,
    files,
    thumbnails: createThumbnails(files, join(data, 'thumbnails'), now),
    providers,
    book,
    deployments,
    runner,
    webhooks,
    assets: [],
    assetUrls: { 'app.css': '', 'htmx.js': '', 'live.js': '', 'page.js': '', 'sandpit.svg': '' },
    stylesheet: null,
    key,
    now,
    newId: id,
    log,
  }
  if (!options.providers && options.readsFirst !== false) await runner.readModels()
  const app = createApp(deps)
  return {
    app,
    book,
    config,
    data,
    /** The parts that the app is made of. */
    deps,
    files,
    paths,
    providers,
    runner,
    store,
    webhooks,
    /** Ends everything as a server that is told to stop does. */
    async close() {
      await runner.stop(0)
      await webhooks.stop(0)
      await Promise.all(providers.map((provider) => provider.close()))
      await store.close()
      if (options.data === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
}
