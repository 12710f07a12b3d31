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

/** The data folder is somebody else's for now. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/**
 * Makes the data folder if need be and takes it for this process alone, until the process ends,
 * however it ends: a lock that SQLite holds on a file of its own goes with whoever held it.
 * Throws `FolderInUse`, or `FolderRefused`.
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
/** As base64 writes them. */
const keyCharacters = 44

/** A key for one purpose, from the operator's secret or from a key file that only we can read. */
export function keyFor(purpose: string, secret: string | null, data: string): string {
  const source = secret ?? keyInFile(data)
  return Buffer.from(hkdfSync('sha256', source, '', purpose, keyBytes)).toString('base64')
}

/** Reads the key file that keys are derived from: made at the first start, refused when it is not whole. */
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

/** Under a temporary name first, so that a crash leaves a whole key or none. */
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

/** Windows does not open folders, and keeps names by itself. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
