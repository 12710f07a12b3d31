/** A call that the engine refused, or that did not reach it. The message is what the engine said, as it said it. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** The status of its answer; null when there was none: the engine is away. */
  readonly status: number | null

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }

  /** Whether the engine could not be asked. It may be back at any time, and its containers may run. */
  get isAway(): boolean {
    return this.status === null
  }
}

/**
 * Whether the engine knows no such image, container, network or file. Podman answers 500 of a container that is being
 * removed right now: it found it by its name, and then no more.
 */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof EngineError)) return false
  return error.status === 404 || (error.status === 500 && /no such container$/i.test(error.message))
}
