/**
 * The folder of a run of the tests. All that they make in temporary folders is in it, and what they start
 * has it as `TMPDIR`: nothing outlives the run, also when a worker is cut off.
 * @module
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const ofRun = /^sandpit-tests-(\d+)-\w+$/

/** A folder of a run that was killed is removed when nothing was made in it for this long, in milliseconds. */
const abandonedMs = 60 * 60_000

/**
 * The folder of the run that this process belongs to. Without one, as in a script, the process gets a
 * folder of its own, which is removed when it exits.
 */
export function runFolder(): string {
  const given = tmpdir()
  if (ofRun.test(basename(given))) return given
  removeAbandoned(given)
  const folder = mkdtempSync(join(given, `sandpit-tests-${process.pid}-`))
  // Other users, as one that a database server runs as, have folders of their own in it.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.once('exit', () => remove(folder))
  return folder
}

/** A new folder in that of the run. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(runFolder(), prefix))
}

/** Removes what runs left that were killed. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid] = ofRun.exec(name) ?? []
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = join(parent, name)
    if (Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) > abandonedMs)
      remove(folder)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // One of another user may not be sent a signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  } catch {
    // It holds files of another user, or of a process that still writes.
  }
}
