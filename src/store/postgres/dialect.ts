import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import pg from 'pg'
import { knownError } from '../../postgres/errors.ts'
import { createConnection, storeSettings } from './connection.ts'

export interface PoolOptions {
  readonly url: string
  /** The most connections. */
  readonly most: number
  /** Whether statements are sent without waiting for the answers to those before. */
  readonly pipeline?: boolean
  /** Whether a commit waits until it is on disk; true when left out. */
  readonly isDurable?: boolean
  /** A connection was lost. */
  readonly onLost: (error: Error) => void
}

/** Kysely's PostgreSQL dialect over a pool of connections with named statements. */
export function createDialect(pool: pg.Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

export function createPool({
  url,
  most,
  pipeline = false,
  isDurable = true,
  onLost,
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...storeSettings, connectionString: url, max: most, pipeline })
  // A connection that is lost while somebody has it, between two statements, is told to nobody else.
  pool.on('connect', (client) => {
    client.on('error', onLost)
    if (!isDurable) client.query('set synchronous_commit to off').catch(() => {})
  })
  pool.on('error', () => {})
  return pool
}

function createDriver(pool: pg.Pool): Driver {
  const connections = new WeakMap<pg.PoolClient, DatabaseConnection>()
  const clients = new WeakMap<DatabaseConnection, pg.PoolClient>()
  /** Those whose transaction could not be ended. */
  const broken = new WeakSet<DatabaseConnection>()

  function connectionOf(client: pg.PoolClient): DatabaseConnection {
    const known = connections.get(client)
    if (known) return known
    const connection = createConnection(client)
    connections.set(client, connection)
    clients.set(connection, client)
    return connection
  }

  const command = (text: string) => async (connection: DatabaseConnection) => {
    try {
      await connection.executeQuery(CompiledQuery.raw(text))
    } catch (error) {
      broken.add(connection)
      throw error
    }
  }

  return {
    async init() {},
    async acquireConnection() {
      const client = await pool.connect().catch((error: unknown) => {
        throw knownError(error)
      })
      return connectionOf(client)
    },
    beginTransaction: command('begin'),
    commitTransaction: command('commit'),
    rollbackTransaction: command('rollback'),
    async releaseConnection(connection) {
      clients.get(connection)?.release(broken.has(connection))
    },
    destroy: () => pool.end(),
  }
}
