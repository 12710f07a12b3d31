/**
 * A PostgreSQL server for one run of the tests, with a migrated database that each test copies.
 * `SANDPIT_TEST_DATABASE_URL` names another server instead, whose user may create databases.
 * @module
 */
import type { TestProject } from 'vitest/node'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { startCluster } from './cluster.ts'
import { createDatabase } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the server, without a database. */
    readonly postgres: string
    /** The name of the migrated database. */
    readonly template: string
  }
}

let cluster: Awaited<ReturnType<typeof startCluster>> | undefined

export async function setup(project: TestProject): Promise<void> {
  const given = process.env.SANDPIT_TEST_DATABASE_URL
  if (given === undefined) cluster = await startCluster()
  const url = given ?? cluster?.url ?? ''
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
