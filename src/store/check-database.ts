/**
 * Looks a database over beside the event loop: a worker that is given its path, and answers `ok`
 * or what is wrong with it.
 * @module
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

parentPort?.postMessage(check(String(workerData)))

function check(path: string): string {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 })
    const found = database.prepare('pragma quick_check(1)').get()
    database.close()
    return String(found?.quick_check ?? 'it cannot be checked')
  } catch (error) {
    // In use by another for a moment is no damage.
    if (isBusy(error)) return 'ok'
    return error instanceof Error ? error.message : String(error)
  }
}

function isBusy(error: unknown): boolean {
  return [5, 6].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff)
}
