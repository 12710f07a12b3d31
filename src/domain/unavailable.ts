/** The disk has no room for what was to be kept. Nothing of it was. */
export class NoSpace extends Error {
  override readonly name = 'NoSpace'
}

/** The database is locked by another process. Nothing was changed; it can be tried again. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** The files cannot be read or written at the moment. It can be tried again. */
export class FilesAway extends Error {
  override readonly name = 'FilesAway'
}

/** The server that runs the containers does not answer. It can be tried again. */
export class InstancesAway extends Error {
  override readonly name = 'InstancesAway'
}

/** The model may be among those that are still being read. The request can be repeated. */
export class StillReading extends Error {
  override readonly name = 'StillReading'
  /** How many those are. */
  readonly count: number

  constructor(count: number) {
    super(`${count} models are still being read.`)
    this.count = count
  }
}

/** Seconds after which a caller who was refused with `StoreBusy`, `FilesAway` or `InstancesAway` may try again. */
export const busyRetrySeconds = 5

/** The same for `StillReading`. */
export const readingRetrySeconds = 2
