/** The database is locked by another process. Nothing was changed; it can be tried again. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** Seconds after which whoever was refused may try again. */
export const busyRetrySeconds = 5
