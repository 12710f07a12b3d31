import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { compose } from './compose.ts'
import { type Config, readConfig } from './config.ts'
import { takeDataFolder } from './data-folder.ts'
import type { Deps } from './deps.ts'
import { modelName } from './domain/model-ref.ts'
import { collectWhenIdle } from './idle.ts'
import { collect, removeOld } from './runner/collecting.ts'
import { within } from './sleep.ts'
import { inSources } from './stack.ts'

/** What there is time for after a signal, in milliseconds. */
const grace = { runs: 10_000, webhooks: 2_000, noticed: 5_000 }

/**
 * When it ends without what has not closed by then, in milliseconds after a signal: before Kubernetes would
 * kill it, which waits for 30 s.
 */
const mostStoppingMs = 25_000

/** How often a replica looks for deletions that nobody carries out, in milliseconds. */
const resumeMs = 30_000

const collectEveryMs = 60 * 60_000

/** Long enough for a large upload over a slow connection. */
const requestTimeoutMs = 60 * 60_000

// Files are readable by this user alone.
process.umask(0o077)

const reading = readConfig(process.env)
if (reading.ok) await run(reading.config)
else {
  process.stderr.write(`Sandpit cannot start:\n${reading.problems.map((p) => `  ${p}\n`).join('')}`)
  process.exitCode = 1
}

async function run(config: Config): Promise<void> {
  const log = pino({
    level: config.logLevel,
    errorKey: 'error',
    serializers: { error: errorInSources },
  })
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
  const world = { environment: process.env, now: Date.now, chance: Math.random, log }
  const sandpit = await compose(config, world)
  const { runner, webhooks } = sandpit.deps
  await runner.recover()
  const server = serve(
    { fetch: sandpit.app.fetch, hostname: config.host, port: config.port },
    (address) => {
      sandpit.listensOn(address.port)
      announce(address, config, log)
      resumeRemovals()
      removeOld(sandpit.deps)
      webhooks.recover().catch((error) => log.error({ error }, 'Webhooks could not be taken up'))
    },
  )
  function resumeRemovals(): void {
    sandpit.deps.removals
      .resume()
      .catch((error) => log.error({ error }, 'Deletions could not be taken up'))
  }
  // Those of a replica that is gone.
  const resuming = config.databaseUrl === null ? undefined : setInterval(resumeRemovals, resumeMs)
  if ('requestTimeout' in server) server.requestTimeout = requestTimeoutMs
  server.on('error', (error) => {
    process.stderr.write(`Sandpit cannot listen: ${error.message}\n`)
    process.exit(1)
  })
  readModels(sandpit.deps)
  const collecting = setInterval(() => collect(sandpit.deps), collectEveryMs)
  collectWhenIdle()

  let stopping = false
  async function stop(signal: string): Promise<void> {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping: no more is taken, what runs may end')
    clearInterval(collecting)
    clearInterval(resuming)
    const closed = (await within(mostStoppingMs, closeAll())) === true
    folder.release()
    if (closed) log.info('Stopped')
    else
      log.error(
        { parts: sandpit.ending() },
        'Not all parts closed in time: the next start takes up what they left',
      )
    process.exit(closed ? 0 : 1)
  }
  /** Resolves with whether all parts closed. */
  async function closeAll(): Promise<boolean> {
    try {
      await sandpit.drain(grace)
      server.close()
      await sandpit.close(grace)
      return true
    } catch (error) {
      log.error({ error }, 'A part could not be closed')
      return false
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
  process.on('unhandledRejection', (error) => log.error({ error }, 'A promise was left alone'))
  process.on('uncaughtException', (error) => log.error({ error }, 'An exception was left alone'))
}

function errorInSources(error: Error) {
  const shown = pino.stdSerializers.err(error)
  return { ...shown, stack: inSources(shown.stack) }
}

/** Reads every model while the first requests are served, and logs those that cannot run. */
function readModels({ runner, providers, log }: Deps): void {
  const since = performance.now()
  runner.readModels().then(
    (models) => {
      const ms = Math.round(performance.now() - since)
      log.info({ models: models.length, ms }, 'Every model is read')
      const readers = providers.filter(({ reading }) => reading).map(({ name }) => name)
      for (const { ref, provider, broken } of models)
        if (broken !== null && readers.includes(provider))
          log.error({ model: modelName(ref), reason: broken }, 'A model cannot run')
    },
    (error) => log.error({ error }, 'Models could not be read'),
  )
}

function announce({ address, port }: AddressInfo, config: Config, log: pino.Logger): void {
  const host = address.includes(':') ? `[${address}]` : address
  log.info(
    { port, data: config.data },
    `Sandpit is at ${config.url?.href ?? `http://${host}:${port}/`}`,
  )
}
