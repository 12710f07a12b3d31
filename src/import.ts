/**
 * Moves a data folder into PostgreSQL and S3, or back: `npm run import`, `npm run import -- --back`. No
 * server may use either meanwhile.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from './config.ts'
import { takeDataFolder } from './data-folder.ts'
import { openDisk } from './files/disk.ts'
import { openFiles } from './files/open.ts'
import { importAll } from './import/import.ts'
import { openPostgresSide, openSqliteSide, refuseAbsent } from './import/sides.ts'
import { createLocalLocks } from './locks/local.ts'

process.umask(0o077)
const reading = readConfig(process.env)
const isBack = process.argv.includes('--back')
if (!reading.ok) end(reading.problems.join('\n'))
else if (reading.config.databaseUrl === null) end('Set DATABASE_URL to the PostgreSQL database.')
else
  await run(reading.config, reading.config.databaseUrl).catch((error) => end(String(error.message)))

async function run(config: Config, databaseUrl: string): Promise<void> {
  const path = join(config.data, 'sandpit.sqlite')
  if (!isBack) refuseAbsent(path)
  const folder = takeDataFolder(config.data)
  const postgres = await openPostgresSide(databaseUrl)
  const sqlite = await openSqliteSide(path)
  try {
    const [from, to] = isBack ? [postgres, sqlite] : [sqlite, postgres]
    const files = config.s3 && (await openBoth(config))
    const source = isBack ? new URL(databaseUrl).host + new URL(databaseUrl).pathname : path
    const missing = await importAll({ from, to, files, source, say })
    say(`Imported ${source}: counts and hashes are the same.`)
    for (const sha256 of missing) say(`Gone before the import: the content ${sha256}.`)
    sayWhatKeysNeed(config)
  } finally {
    await Promise.all([sqlite.destroy(), postgres.destroy()])
    folder.release()
  }
}

async function openBoth(config: Config) {
  const parts = { locks: createLocalLocks(), now: Date.now, onFault: () => {} }
  const disk = await openDisk(join(config.data, 'files'))
  const s3 = await openFiles(config, parts)
  return isBack ? { from: s3, to: disk } : { from: disk, to: s3 }
}

/** Secrets that wait, sessions and addresses depend on the key that they were made with. */
function sayWhatKeysNeed({ data, secret }: Config): void {
  const path = join(data, 'key')
  if (isBack) say('Start the server with the same SANDPIT_SECRET as the replicas.')
  else if (existsSync(path) && readFileSync(path, 'utf8') !== secret)
    say(
      `The server that used this folder without SANDPIT_SECRET had the key in ${path}: set SANDPIT_SECRET to it on each replica.`,
    )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function end(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
