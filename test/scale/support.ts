import { inject } from 'vitest'
import { createDatabase } from '../support/postgres.ts'

/** The URL of a new database with the tables of Sandpit. */
export async function newDatabase(): Promise<string> {
  const server = inject('postgres')
  return `${server}/${await createDatabase(server, inject('template'))}`
}
