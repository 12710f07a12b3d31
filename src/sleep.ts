import { setTimeout } from 'node:timers/promises'

/** Resolves after some milliseconds, or as soon as the signal aborts. Never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}

/** The result of some work, or undefined when it takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work, sleep(ms, over.signal).then(() => undefined)])
  } finally {
    over.abort()
  }
}
