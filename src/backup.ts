/**
 * Backs up a data folder, which a server may be using: `npm run backup -- TARGET`. A second backup to
 * the same target copies only new files.
 * @module
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readConfig } from './config.ts'

process.umask(0o077)
const [target] = process.argv.slice(2)
const reading = readConfig(process.env)
if (!target || !reading.ok) {
  const problems = reading.ok ? ['Usage: npm run backup -- TARGET'] : reading.problems
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exit(1)
}
const { data, databaseUrl } = reading.config
if (databaseUrl !== null) {
  process.stderr.write(
    'The data is in the PostgreSQL database of DATABASE_URL: back it up with pg_dump, and then copy the files.\n',
  )
  process.exit(1)
}
if (!existsSync(join(data, 'sandpit.sqlite'))) {
  process.stderr.write(
    `There is no Sandpit data in ${data}. Set SANDPIT_DATA to the data folder.\n`,
  )
  process.exit(1)
}
const copied = backUp(data, resolve(target))
process.stdout.write(
  `Backed up ${data} to ${resolve(target)}: the database and ${copied} new files.\n`,
)

/**
 * Copies the database first, as it is at one moment, then the files. The server keeps files for at
 * least a day after their last reference, so every file of that database is still there.
 */
function backUp(from: string, to: string): number {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  copyDatabase(join(from, 'sandpit.sqlite'), join(to, 'sandpit.sqlite'))
  if (existsSync(join(from, 'key'))) copyWhole(join(from, 'key'), join(to, 'key'))
  return copyContents(join(from, 'files'), join(to, 'files'))
}

function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(from, { timeout: 10_000 })
  const unfinished = `${to}.new`
  rmSync(unfinished, { force: true })
  database.prepare('vacuum into ?').run(unfinished)
  database.close()
  renameSync(unfinished, to)
}

function copyContents(from: string, to: string): number {
  let copied = 0
  for (const folder of readdirSync(from).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    mkdirSync(join(to, folder), { recursive: true, mode: 0o700 })
    for (const name of readdirSync(join(from, folder))) {
      const path = join(to, folder, name)
      if (existsSync(path)) continue
      copyWhole(join(from, folder, name), path)
      copied++
    }
  }
  return copied
}

/** Copies under a temporary name first, so that a file with its final name is complete. */
function copyWhole(from: string, to: string): void {
  copyFileSync(from, `${to}.new`)
  renameSync(`${to}.new`, to)
}
