import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { startCluster } from '../../test/support/cluster.ts'
import { writeModels } from '../../test/support/models.ts'
import { createDatabase, dropDatabase } from '../../test/support/postgres.ts'
import { type Replicas, startReplicas } from '../../test/support/replicas.ts'
import { addPersonTo, isSignedIn } from './person.ts'
import { usualEnvironment } from './sandpit.ts'

export interface ReplicasSetup {
  readonly checkout: string
  readonly sources: Readonly<Record<string, string>>
  readonly count: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs so many built servers with these models on one PostgreSQL database during `use`. */
export function withReplicas<T>(
  { checkout, sources, count, environment }: ReplicasSetup,
  use: (replicas: Replicas, database: string) => Promise<T>,
): Promise<T> {
  return withDatabase(checkout, async (database) => {
    const models = writeModels(sources)
    const replicas = await startReplicas({
      database,
      count,
      checkout,
      environment: { SANDPIT_MODELS: models, ...usualEnvironment(), ...environment },
    })
    try {
      return await use(replicas, database)
    } finally {
      await replicas.stop()
      rmSync(models, { recursive: true, force: true })
    }
  })
}

/**
 * Gives an empty PostgreSQL database to `use`, whose commits are durable: on a server that is started for it, or on the
 * one at `SANDPIT_TEST_DATABASE_URL`. Throws for a checkout from before Sandpit knew PostgreSQL.
 */
export async function withDatabase<T>(
  checkout: string,
  use: (url: string) => Promise<T>,
): Promise<T> {
  if (!existsSync(join(checkout, 'src/store/postgres'))) throw new Error('It has no PostgreSQL')
  const given = process.env.SANDPIT_TEST_DATABASE_URL
  const cluster = given === undefined ? await startCluster({ isDurable: true }) : null
  const server = given ?? cluster?.url ?? ''
  const name = await createDatabase(server)
  try {
    const url = `${server}/${name}`
    if (isSignedIn()) await addPersonTo((await openBench(url)).store)
    return await use(url)
  } finally {
    await dropDatabase(server, name)
    await cluster?.stop()
  }
}

function openBench(url: string) {
  return openPostgres({ url, replica: 'bench', onLost() {} })
}
