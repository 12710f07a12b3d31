import { createHash } from 'node:crypto'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import pg from 'pg'
import { knownError } from './errors.ts'

/** `int8` in the catalogue of types: https://www.postgresql.org/docs/current/catalog-pg-type.html */
const int8 = 20

/** Every `bigint` column holds a time in milliseconds, a size or a count, each a safe integer. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => (id === int8 ? Number : pg.types.getTypeParser(id, format)),
}

/** Settings of every connection. Times are in milliseconds. */
export const connectionSettings = {
  types,
  application_name: 'sandpit',
  connectionTimeoutMillis: 5_000,
  // A server that is stopped in the middle of a transaction must not hold its locks for ever.
  idle_in_transaction_session_timeout: 10_000,
  lock_timeout: 5_000,
} satisfies pg.ClientConfig

/** Of a connection, the most statements that have a name. Others are planned each time. */
const mostNames = 500

/**
 * A connection for Kysely, whose statements have names: PostgreSQL plans each text once. Errors that
 * callers can handle are `NoSpace` and `StoreBusy`.
 */
export function createConnection(client: Pick<pg.ClientBase, 'query'>): DatabaseConnection {
  const names = new Map<string, string>()

  function named(text: string): { readonly name?: string } {
    const known = names.get(text)
    if (known !== undefined) return { name: known }
    if (names.size >= mostNames) return {}
    const name = createHash('sha256').update(text).digest('base64url')
    names.set(text, name)
    return { name }
  }

  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      try {
        const query = { text: sql, values: [...parameters], ...named(sql) }
        const { command, rowCount, rows } = await client.query(query)
        return { rows, ...(changes.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
      } catch (error) {
        throw knownError(error)
      }
    },
    streamQuery() {
      throw new Error('Rows are read page by page')
    },
  }
}

const changes: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
