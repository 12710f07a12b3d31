import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { writeModels } from '../../test/support/models.ts'
import { type Server, startServer } from '../../test/support/server.ts'
import { folderOfPerson, isSignedIn, personEnvironment } from './person.ts'

export type { Server } from '../../test/support/server.ts'

/** Runs the built server of a checkout with these models during `use`, then removes its data. */
export async function withSandpit<T>(
  checkout: string,
  sources: Readonly<Record<string, string>>,
  use: (server: Server) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const models = writeModels(sources)
  const server = await startServer({
    checkout,
    ...(isSignedIn() ? { data: await folderOfPerson() } : {}),
    environment: {
      SANDPIT_MODELS: models,
      ...usualEnvironment(),
      ...environment,
    },
  })
  try {
    return await use(server)
  } finally {
    await server.stop()
    for (const folder of [models, server.data]) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Of every server under test: sign-in, where it is measured as a person, and
 * `BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/prof'`, which profiles it.
 */
export function usualEnvironment(): Readonly<Record<string, string>> {
  const options = process.env.BENCH_NODE_OPTIONS
  return {
    ...(isSignedIn() ? personEnvironment : {}),
    ...(options === undefined ? {} : { NODE_OPTIONS: options }),
  }
}

/** Counts the predictions that succeeded in the database of a server, over a connection of its own. */
export function succeededIn({ data }: Server): () => number {
  const database = new DatabaseSync(join(data, 'sandpit.sqlite'), { readOnly: true })
  const counted = database.prepare(
    "select count(*) as n from predictions where status = 'succeeded'",
  )
  return () => Number(counted.get()?.n)
}
