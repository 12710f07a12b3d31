import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { type AssetName, assetNames } from '../views/site.ts'
import { createApp } from './app.tsx'
import { createCallbackTokens, ownOriginOf } from './callback-tokens.ts'
import { type Config, readConfig } from './config.ts'
import { keyFor, takeDataFolder } from './data-folder.ts'
import { newId } from './domain/id.ts'
import { modelName } from './domain/model.ts'
import { openDisk } from './files/disk.ts'
import { createThumbnails } from './files/thumbnails.ts'
import { collectWhenIdle } from './idle.ts'
import { createGuard } from './outbound/guard.ts'
import { createPaths } from './paths.ts'
import { createProviders } from './providers/index.ts'
import { root } from './root.ts'
import { assetUrls, readAsset, stylesheetOf } from './routes/assets.ts'
import { webhookBody } from './routes/webhook-body.ts'
import { collectFiles } from './runner/collection.ts'
import { openDeploymentBook } from './runner/deployment-book.ts'
import { openModelBook } from './runner/model-book.ts'
import { createRunner } from './runner/runner.ts'
import { createSeal } from './seal.ts'
import { openSqlite } from './store/sqlite.ts'
import { webhookSecret } from './webhooks/secret.ts'
import { createWebhooks } from './webhooks/webhooks.ts'

/** How long running predictions may take to end once we are told to stop. */
const stopGraceMs = 10_000

/** How long what is being told to webhooks may take then. */
const webhookGraceMs = 2_000

const collectEveryMs = 60 * 60_000

/** Said once after a start. */
const allRead = 'Every model is read'

/** A large upload over a slow line takes its time. */
const requestTimeoutMs = 60 * 60_000

// What we write is ours alone to read.
process.umask(0o077)

const reading = readConfig(process.env)
if (reading.ok) await run(reading.config)
else {
  process.stderr.write(`Sandpit cannot start:\n${reading.problems.map((p) => `  ${p}\n`).join('')}`)
  process.exitCode = 1
}

async function run(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, errorKey: 'error' })
  try {
    await start(config, log)
  } catch (error) {
    process.stderr.write(
      `Sandpit cannot start: ${error instanceof Error ? error.message : error}\n`,
    )
    log.debug({ error }, 'Start failed')
    process.exit(1)
  }
}

async function start(config: Config, log: pino.Logger): Promise<void> {
  const folder = takeDataFolder(config.data)
  const store = await openSqlite(join(config.data, 'sandpit.sqlite'))
  const files = await openDisk(join(config.data, 'files'))
  const thumbnails = createThumbnails(files, join(config.data, 'thumbnails'), Date.now)
  const book = await openModelBook(store, Date.now)
  const deployments = await openDeploymentBook(store)
  const guard = createGuard({ allow: config.outboundAllow })
  const providers = createProviders({
    config,
    environment: process.env,
    now: Date.now,
    book,
    guard,
  })
  const paths = createPaths(config.base)
  const id = () => newId(randomBytes(16))
  /** Our port, once we listen. */
  let listening: number | null = null
  const runner = createRunner({
    store,
    files,
    providers,
    now: Date.now,
    newId: id,
    guard,
    book,
    deployments,
    ...createCallbackTokens(config, paths, keyFor('callbacks', config.secret, config.data), () =>
      ownOriginOf(config, listening ?? config.port),
    ),
    seal: createSeal(keyFor('secrets', config.secret, config.data)),
    log,
    runTimeoutMs: config.runTimeoutMs,
    maxQueue: config.maxQueue,
    maxFileBytes: config.maxUpload,
  })
  const key = keyFor('cookies', config.secret, config.data)
  let origin = config.url?.origin ?? originAt(config.host, config.port)
  const webhooks = createWebhooks({
    book: store,
    find: runner.find,
    guard,
    bodyOf: (prediction) => webhookBody({ config, paths, files, store, key }, origin, prediction),
    secretOf: (createdBy) => webhookSecret(key, createdBy),
    now: Date.now,
    chance: Math.random,
    log,
  })
  runner.listenToSaves(webhooks.saved)
  const assets = assetNames.map((name) => readAsset(name, assetPaths(name)))
  const app = createApp({
    config,
    paths,
    store,
    files,
    thumbnails,
    providers,
    book,
    deployments,
    runner,
    webhooks,
    assets,
    assetUrls: assetUrls(assets, paths),
    stylesheet: stylesheetOf(assets),
    key,
    now: Date.now,
    newId: id,
    log,
  })

  await runner.recover()
  const server = serve(
    { fetch: app.fetch, hostname: config.host, port: config.port },
    (address) => {
      origin = config.url?.origin ?? originAt(config.host, address.port)
      listening = address.port
      announce(address, config, log)
      webhooks.recover().catch((error) => log.error({ error }, 'Webhooks could not be taken up'))
    },
  )
  const readSince = performance.now()
  runner.readModels().then(
    (models) => {
      const ms = Math.round(performance.now() - readSince)
      log.info({ models: models.length, ms }, allRead)
      for (const { ref, provider, broken } of models)
        if (provider === 'local' && broken !== null)
          log.error({ model: modelName(ref), reason: broken }, 'A model cannot run')
    },
    (error) => log.error({ error }, 'Models could not be read'),
  )
  if ('requestTimeout' in server) server.requestTimeout = requestTimeoutMs
  const collecting = setInterval(() => {
    collectFiles(store, files, Date.now())
      .then(async (removed) => {
        if (removed > 0) log.info({ removed }, 'Removed files that nothing refers to')
        await thumbnails.collect(store.knownContents)
      })
      .catch((error) => log.error({ error }, 'Collecting files failed'))
  }, collectEveryMs)

  collectWhenIdle(runner.wasBusy)

  let stopping = false
  async function stop(signal: string): Promise<void> {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping: no more is taken, what runs may end')
    clearInterval(collecting)
    server.close()
    await runner
      .stop(stopGraceMs)
      .catch((error) => log.error({ error }, 'Not all was saved: the next start takes it up'))
    await webhooks.stop(webhookGraceMs)
    if ('closeAllConnections' in server) server.closeAllConnections()
    await Promise.all(providers.map((provider) => provider.close()))
    await store.close()
    folder.release()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
  server.on('error', (error) => {
    process.stderr.write(`Sandpit cannot listen: ${error.message}\n`)
    process.exit(1)
  })
  process.on('unhandledRejection', (error) => log.error({ error }, 'A promise was left alone'))
  process.on('uncaughtException', (error) => log.error({ error }, 'An exception was left alone'))
}

/** Where we are for someone who was told no address. */
function originAt(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function announce({ address, port }: AddressInfo, config: Config, log: pino.Logger): void {
  const host = address.includes(':') ? `[${address}]` : address
  log.info(
    { port, data: config.data },
    `Sandpit is at ${config.url?.href ?? `http://${host}:${port}/`}`,
  )
}

function assetPaths(name: AssetName): string[] {
  const inPackage = createRequire(import.meta.url).resolve('htmx.org')
  if (name === 'htmx.js') return [join(dirname(inPackage), 'htmx.min.js')]
  const inPage = [
    name,
    'answers.js',
    'growing-text.js',
    'focus.js',
    'moments.js',
    'form.js',
    'file-field.js',
    'upload.js',
  ]
  const files = name === 'page.js' ? inPage : [name]
  return files.map((file) => join(root, 'public', file))
}
