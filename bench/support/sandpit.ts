import { rmSync } from 'node:fs'
import { writeModels } from '../../test/support/models.ts'
import { type Server, startServer } from '../../test/support/server.ts'
import { isSignedIn, withPerson } from './person.ts'

export type { Server } from '../../test/support/server.ts'

/** Runs the built server of a checkout with these models during `use`, then removes its data. */
export async function withSandpit<T>(
  checkout: string,
  sources: Readonly<Record<string, string>>,
  use: (server: Server) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const models = writeModels(sources)
  const person = isSignedIn() ? await withPerson() : { environment: {} }
  const server = await startServer({
    checkout,
    ...('data' in person ? { data: person.data } : {}),
    environment: {
      SANDPIT_MODELS: models,
      ...person.environment,
      ...profiling(process.env.BENCH_NODE_OPTIONS),
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

/** `BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/prof'` profiles the servers under test. */
function profiling(options: string | undefined): Record<string, string> {
  return options === undefined ? {} : { NODE_OPTIONS: options }
}
