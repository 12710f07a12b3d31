/**
 * Checks a database outside the event loop: a worker that is given its path and posts `ok`, or a
 * sentence about the damage.
 * @module
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { sqliteBusy, sqliteCode } from './sqlite-errors.ts'

parentPort?.postMessage(check(String(workerData)))

function check(path: string): string {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 })
    const found = database.prepare('pragma quick_check(1)').get()
    database.close()
    return String(found?.quick_check ?? 'it cannot be checked')
  } catch (error) {
    // A locked database is not damaged.
    if (sqliteBusy.includes(sqliteCode(error))) return 'ok'
    return error instanceof Error ? error.message : String(error)
  }
}
