import { type CompiledQuery, type Kysely, type QueryResult, type RawBuilder, sql } from 'kysely'
import type { Tables } from './tables.ts'

type Values = Readonly<Record<string, unknown>>

/** Where a value goes: `write` puts it into the SQL by its name. */
export type Place = (name: string) => RawBuilder<unknown>

/**
 * A statement that is compiled once for each set of names among its values: to build and compile one
 * takes longer than to run it. For the statements of every prediction alone.
 */
export function createStatement<Row = unknown>(
  db: Kysely<Tables>,
  write: (names: readonly string[], value: Place) => RawBuilder<Row>,
) {
  const compiled = new Map<string, CompiledQuery<Row>>()

  return (trx: Kysely<Tables>, values: Values): Promise<QueryResult<Row>> => {
    const names = Object.keys(values)
    const key = names.join()
    const query = compiled.get(key) ?? write(names, place).compile(db)
    compiled.set(key, query)
    return trx.executeQuery({ ...query, parameters: query.parameters.map(valueIn(values)) })
  }
}

/** Symbols stand for the values until the statement is executed. */
function place(name: string): RawBuilder<unknown> {
  return sql`${Symbol(name)}`
}

function valueIn(values: Values) {
  return (parameter: unknown) =>
    typeof parameter === 'symbol' ? values[parameter.description ?? ''] : parameter
}

/** `(a, b)`: the names of columns. */
export function columnsOf(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)))
}

/** `a = ?, b = ?`. */
export function assignmentsOf(names: readonly string[], value: Place): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql`${sql.ref(name)} = ${value(name)}`))
}
