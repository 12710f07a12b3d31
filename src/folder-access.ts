import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode } from './domain/error-code.ts'

/** The data folder cannot be used. The message tells the operator what to change. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused'
}

/** Creates the folder if it does not exist. Throws `FolderRefused` when it cannot be written, or holds files of another user. */
export function openFolder(path: string): void {
  make(path)
  const uid = tryToWrite(path)
  refuseOthers(path, kept, uid)
  refuseOthers(join(path, 'files'), /^/, uid)
}

function make(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(errorCode(error)))
      throw new FolderRefused(`SANDPIT_DATA: ${path} is not a folder, or is below a file.`)
    throw notWritable(path, nearest(path), error)
  }
}

/** Writes a file there, and returns the user that owns it on this file system. */
function tryToWrite(path: string): number {
  const probe = join(path, `.probe-${randomUUID()}`)
  try {
    writeFileSync(probe, '', { flag: 'wx' })
    return statSync(probe).uid
  } catch (error) {
    // A server with a full disk can still show what it has.
    if (['ENOSPC', 'EDQUOT'].includes(errorCode(error))) return ownUid()
    throw notWritable(path, path, error)
  } finally {
    rmSync(probe, { force: true })
  }
}

function notWritable(path: string, folder: string, error: unknown): unknown {
  const code = errorCode(error)
  if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) return error
  const which = path === folder ? 'It' : folder
  return new FolderRefused(
    `The data folder ${path} cannot be written (${code}). ${which} belongs to uid ` +
      `${statSync(folder).uid}, and Sandpit runs as uid ${ownUid()}. ` +
      'Change its owner, or set SANDPIT_DATA to another folder.',
  )
}

/** The names of our own files and folders. Others, such as `lost+found`, are ignored. */
const kept =
  /^(?:key|lock\.sqlite|sandpit\.sqlite.*|files|local|replicate|cog|thumbnails|differences)$/

/** Refuses files of another user, such as root after an accidental start: one of the two could not change them. */
function refuseOthers(folder: string, names: RegExp, uid: number): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((one) => names.test(one))) {
    const path = join(folder, name)
    const owner = statSync(path, { throwIfNoEntry: false })?.uid ?? uid
    if (owner === uid) continue
    throw new FolderRefused(
      `${path} belongs to uid ${owner}, and Sandpit runs as uid ${ownUid()}. ` +
        'Start it as that user, or change the owner of everything in the data folder.',
    )
  }
}

function ownUid(): number {
  return process.geteuid?.() ?? 0
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}
