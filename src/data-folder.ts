import { hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The data folder is somebody else's for now. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/**
 * Makes the data folder if need be and takes it for this process alone, until the process ends,
 * however it ends: a lock that SQLite holds on a file of its own goes with whoever held it.
 * Throws `FolderInUse`.
 */
export function takeDataFolder(path: string): { release(): void } {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(path, 'lock.sqlite'))
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch {
    lock.close()
    throw new FolderInUse(`Another Sandpit is using ${path}.`)
  }
  return { release: () => lock.close() }
}

/** A key for one purpose, from the operator's secret or from a key file that only we can read. */
export function keyFor(purpose: string, secret: string | null, data: string): string {
  const source = secret ?? keyInFile(join(data, 'key'))
  return Buffer.from(hkdfSync('sha256', source, '', purpose, 32)).toString('base64')
}

function keyInFile(path: string): string {
  if (!existsSync(path))
    writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' })
  return readFileSync(path, 'utf8')
}
