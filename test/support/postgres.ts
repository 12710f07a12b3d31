import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** Creates a database on a PostgreSQL server, empty or as a copy of another. Resolves with its name. */
export async function createDatabase(server: string, template?: string): Promise<string> {
  const name = `sandpit_${randomBytes(8).toString('hex')}`
  const copy = template === undefined ? '' : `template ${template} strategy file_copy`
  await administer(server, `create database ${name} ${copy}`)
  return name
}

/** Ends all connections to a database and removes it. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await administer(server, `drop database ${name} with (force)`)
}

async function administer(server: string, statement: string): Promise<void> {
  await query(`${server}/postgres`, statement)
}

/** The rows of one statement, over a connection of its own. */
export async function query(
  url: string,
  statement: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
