/** What was asked for may be among the models that are still being read. It can be asked for again. */
export class StillReading extends Error {
  override readonly name = 'StillReading'
  /** How many those are. */
  readonly count: number

  constructor(count: number) {
    super(`${count} models are still being read.`)
    this.count = count
  }
}

/** Seconds after which that is worth while. */
export const readingRetrySeconds = 2
