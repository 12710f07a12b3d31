import { hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { errorCode } from './domain/error-code.ts'
import { openFolder } from './folder-access.ts'

/** Another process uses the data folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/**
 * Creates the data folder if it does not exist, and locks it for this process. The lock is an SQLite
 * lock on a file, which the operating system releases when the process ends. Throws `FolderInUse` or
 * `FolderRefused`.
 */
export function takeDataFolder(path: string): { release(): void } {
  openFolder(path)
  const lock = new DatabaseSync(join(path, 'lock.sqlite'))
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    throw isBusy(error) ? new FolderInUse(`Another Sandpit is using ${path}.`) : error
  }
  return { release: () => lock.close() }
}

const sqliteBusy = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

const keyBytes = 32
/** The length of the key in base64. */
const keyCharacters = 44

/** A key for one purpose, derived from the operator's secret or from the key file. */
export function keyFor(purpose: string, secret: string | null, data: string): string {
  const source = secret ?? keyInFile(data)
  return Buffer.from(hkdfSync('sha256', source, '', purpose, keyBytes)).toString('base64')
}

/** Reads the key file, which is created at the first start. Throws when it is incomplete. */
function keyInFile(data: string): string {
  const path = join(data, 'key')
  const text = textIn(path) ?? writeKey(data, path)
  const whole = /^[\x21-\x7e]*/.exec(text)?.[0].length ?? 0
  if (whole >= keyCharacters) return text
  throw new Error(
    `The key file ${path} is ${whole === 0 ? 'empty' : 'cut short'}: it has ${whole} of at least ` +
      `${keyCharacters} characters. Restore it from a backup. Or remove it, and a new key is made: ` +
      'then browsers count as new ones, and predictions that wait with a secret input fail.',
  )
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** Writes under a temporary name first, so that a crash leaves a whole key or none. */
function writeKey(folder: string, path: string): string {
  const text = randomBytes(keyBytes).toString('base64')
  const temporary = `${path}.${randomUUID()}`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(folder)
  return text
}

/** Windows cannot open folders, and does not need it. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
