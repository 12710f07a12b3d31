import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openSqlite } from '../../src/store/sqlite.ts'
import { temporaryFolder } from './run-folder.ts'

let template: Promise<string> | undefined

/** Writes an empty SQLite database that is migrated already: a copy takes a fraction of the time. */
export async function writeMigratedDatabase(path: string): Promise<void> {
  template ??= makeTemplate()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  copyFileSync(await template, path)
}

async function makeTemplate(): Promise<string> {
  const path = join(temporaryFolder('sandpit-template-'), 'sandpit.sqlite')
  await (await openSqlite(path)).close()
  return path
}
