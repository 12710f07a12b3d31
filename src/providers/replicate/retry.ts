import { sleep } from '../../sleep.ts'
import { isRetryable, mayHaveRun, UpstreamError } from './upstream-error.ts'

/** How long to wait after so many failed tries, in milliseconds, unless the service says. */
export function retryDelay(
  tries: number,
  error: UpstreamError,
  firstMs: number,
  mostMs: number,
): number {
  return error.retryAfterMs ?? jittered(Math.min(mostMs, firstMs * 1.5 ** tries))
}

/** Around the time given, so that many waiting runs do not all send requests at once. */
export function jittered(ms: number): number {
  return ms * (0.85 + Math.random() * 0.3)
}

export interface RetryOptions {
  readonly signal: AbortSignal
  /** No retry begins later than this after the first try, in milliseconds. */
  readonly forMs: number
  /** The first and the longest pause, in milliseconds. */
  readonly firstMs: number
  readonly mostMs: number
  readonly now: () => number
}

/** Retries a request that may safely be repeated. Throws the last error. */
export async function retry<T>(request: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, forMs, firstMs, mostMs, now } = options
  const until = now() + forMs
  for (let tries = 0; ; tries++) {
    try {
      return await request()
    } catch (error) {
      if (signal.aborted || !(error instanceof UpstreamError) || !mayPass(error)) throw error
      const pause = retryDelay(tries, error, firstMs, mostMs)
      if (now() + pause > until) throw error
      await sleep(pause, signal)
    }
  }
}

function mayPass(error: UpstreamError): boolean {
  return error.kind !== 'too large' && (isRetryable(error) || mayHaveRun(error))
}
