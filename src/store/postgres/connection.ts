import { createHash } from 'node:crypto'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import pg from 'pg'
import { isOutdated, knownError } from '../../postgres/errors.ts'
import { connectionSettings } from '../../postgres/settings.ts'
import { readText, writeText } from './text.ts'

/**
 * How the values of types are read, by their ids in the catalogue. `int8`, which is every `bigint` column,
 * holds a time in milliseconds, a size or a count, each a safe integer.
 */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.INT8]: Number,
  [pg.types.builtins.TEXT]: readText,
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => parsers[id] ?? pg.types.getTypeParser(id, format),
}

/** Settings of the connections of the store. */
export const storeSettings = { ...connectionSettings, types } satisfies pg.ClientConfig

/** Of a connection, the most statements that have a name. Others are planned each time. */
const mostNames = 500

/**
 * A connection for Kysely, whose statements have names: PostgreSQL plans each text once. Errors that
 * callers can handle are `NoSpace` and `StoreBusy`.
 */
export function createConnection(client: Pick<pg.ClientBase, 'query'>): DatabaseConnection {
  const names = new Map<string, string>()
  let renewed = 0

  function named(text: string): { readonly name?: string } {
    const known = names.get(text)
    if (known !== undefined) return { name: known }
    if (names.size >= mostNames) return {}
    const name = `${renewed}-${createHash('sha256').update(text).digest('base64url')}`
    names.set(text, name)
    return { name }
  }

  /** The statements of these names cannot be used any more, and take no others. */
  function forgetNames(): void {
    names.clear()
    renewed++
  }

  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      try {
        const query = { text: sql, values: parameters.map(writeText), ...named(sql) }
        const { command, rowCount, rows } = await client.query(query)
        return { rows, ...(changes.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
      } catch (error) {
        if (isOutdated(error)) forgetNames()
        throw knownError(error)
      }
    },
    streamQuery() {
      throw new Error('Rows are read page by page')
    },
  }
}

const changes: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
