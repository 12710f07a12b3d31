import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const sync = promisify(fdatasync)

export type WalSync = ReturnType<typeof openWalSync>

/**
 * Writes the write-ahead log of a database to its disk, beside the event loop. With `synchronous =
 * normal`, a commit of SQLite is in the log, but the log is not synced: the commit is durable after
 * the next `sync`. The log stays the same file for as long as a connection of this process is open.
 */
export function openWalSync(database: string) {
  const log = openSync(`${database}-wal`, 'r+')
  let failure: unknown = null

  return {
    /**
     * Resolves when everything that was committed before the call is on disk. After a failure, nobody
     * knows what is on disk, and the operating system does not report it twice: every later call
     * rejects with it, too.
     */
    async sync(): Promise<void> {
      if (failure !== null) throw failure
      try {
        await sync(log)
      } catch (error) {
        failure = error
        throw error
      }
    },
    /** To be called when another descriptor of the log could not be synced: every later call rejects. */
    fail(error: unknown): void {
      failure ??= error
    },
    /** The error of the first failure; null when there was none. */
    failure: () => failure,
    close: () => closeSync(log),
  }
}
