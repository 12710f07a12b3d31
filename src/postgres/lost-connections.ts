/** Connections that were lost within a time, as when the server starts again: all at once. */
export interface LostConnections {
  readonly connections: number
  /** Of the first. */
  readonly reason: string
}

/** After the first loss, and from one report to the next, in milliseconds. */
interface Times {
  readonly firstMs: number
  readonly nextMs: number
}

/**
 * Reports losses together: soon after the first, and then at most every 10 s while there are more, such as tries to connect
 * to a server that is away. Returns what is to be called with the error of each.
 */
export function gatherLosses(
  report: (lost: LostConnections) => void,
  { firstMs, nextMs }: Times = { firstMs: 500, nextMs: 10_000 },
): (error: unknown) => void {
  let connections = 0
  let reason = ''
  let timer: NodeJS.Timeout | null = null

  function end(): void {
    timer = null
    if (connections === 0) return
    report({ connections, reason })
    connections = 0
    wait(nextMs)
  }

  function wait(ms: number): void {
    timer = setTimeout(end, ms)
    timer.unref()
  }

  return (error) => {
    if (connections++ === 0) reason = error instanceof Error ? error.message : String(error)
    if (timer === null) wait(firstMs)
  }
}
