import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeModels } from '../../test/support/models.ts'
import { query } from '../../test/support/postgres.ts'
import { testSecret } from '../../test/support/secret.ts'
import { startServer } from '../../test/support/server.ts'
import { personCookie, personEnvironment } from './person.ts'
import { cpuMs, familyCpuMs } from './process.ts'

/** A server with many predictions, to ask for pages as the person of the bench. */
export interface ListServer {
  readonly port: number
  /** The request of a page. */
  get(path: string): string
  /** Processor time of the server, and of that of its database, since they started, in milliseconds. */
  cpuMs(): number
}

export interface ListData {
  readonly checkout: string
  /** Its database is in this folder. */
  readonly data: string
  /** The URL of a PostgreSQL database instead. */
  readonly database?: string
}

/** Runs a built server on data that is kept during `use`. The person may see all if they operate it. */
export async function withListServer<T>(
  { checkout, data, database }: ListData,
  role: 'member' | 'operator',
  use: (server: ListServer) => Promise<T>,
): Promise<T> {
  const models = writeModels({ 'model-0': modelNamed('model-0') })
  const server = await startServer({
    checkout,
    data,
    environment: {
      ...personEnvironment,
      SANDPIT_GROUPS: `*=${role}`,
      SANDPIT_MODELS: models,
      SANDPIT_RATE: 'off',
      ...(database === undefined ? {} : { DATABASE_URL: database, SANDPIT_SECRET: testSecret }),
    },
  })
  const databaseServer = database === undefined ? null : await serverOf(database)
  try {
    return await use({
      port: server.port,
      get: (path) =>
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${personCookie}\r\n\r\n`,
      cpuMs: () => cpuMs(server.pid) + (databaseServer === null ? 0 : familyCpuMs(databaseServer)),
    })
  } finally {
    await server.stop()
    rmSync(models, { recursive: true, force: true })
  }
}

/** The process from which all of a database server come. */
async function serverOf(database: string): Promise<number> {
  const [row] = await query(database, 'show data_directory')
  const file = join(String(row?.data_directory), 'postmaster.pid')
  return Number(readFileSync(file, 'utf8').split('\n')[0])
}

function modelNamed(name: string): string {
  return `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'owner/${name}',
      description: 'Gives back what it is given.',
      input: z.object({ prompt: z.string() }),
      output: z.string(),
      run: ({ prompt }) => prompt,
    })`
}
