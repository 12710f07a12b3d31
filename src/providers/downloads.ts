import type { StoredFile } from '../domain/file/file.ts'
import { createSemaphore } from '../semaphore.ts'
import { sleep } from '../sleep.ts'
import type { Run } from './provider.ts'

/** A file at an address. */
export interface Download {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

export interface DownloadOptions {
  readonly keepFile: Run['keepFile']
  open(address: string, signal: AbortSignal): Promise<Download>
  /** Whether a download that failed with this error is tried again. */
  isRetryable(error: unknown): boolean
  /** How long to wait before the first retry, in milliseconds; the second waits twice as long. */
  readonly retryMs: number
  /** How long all downloads of the run may take together, in milliseconds. */
  readonly budgetMs: number
  readonly signal: AbortSignal
}

const mostTries = 3
const mostAtOnce = 4

/**
 * Downloads the files that a run's outputs link to into our own store: a few at once, each address
 * once, and all within one budget of time. An address that cannot be downloaded is a failure, which
 * `failures` lists, and no rejection.
 */
export function createDownloads(options: DownloadOptions) {
  const { keepFile, open, isRetryable, retryMs, budgetMs, signal } = options
  const downloads = new Map<string, Promise<StoredFile | null>>()
  const failures = new Map<string, string>()
  const semaphore = createSemaphore(mostAtOnce)
  let leftMs = budgetMs

  async function download(address: string, ends: AbortSignal): Promise<StoredFile | null> {
    if (signal.aborted) return null
    if (ends.aborted) return fail(address, outOfTime)
    for (let tries = 1; ; tries++)
      try {
        const { name, content } = await open(address, ends)
        return await keepFile(content, name)
      } catch (error) {
        if (signal.aborted) return null
        if (ends.aborted) return fail(address, outOfTime)
        if (tries === mostTries || !isRetryable(error)) return fail(address, messageOf(error))
        await sleep(retryMs * tries, ends)
      }
  }

  function fail(address: string, why: string): null {
    failures.set(address, why)
    return null
  }

  return {
    /** The stored files of some addresses, without those that could not be downloaded. */
    async fetchAll(addresses: Iterable<string>): Promise<ReadonlyMap<string, StoredFile>> {
      const wanted = new Set(addresses)
      const found = new Map<string, StoredFile>()
      if (wanted.size === 0) return found
      const since = performance.now()
      const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)))
      const ends = AbortSignal.any([signal, timeout])
      await Promise.all(
        [...wanted].map(async (address) => {
          const stored = downloads.get(address) ?? semaphore.run(() => download(address, ends))
          downloads.set(address, stored)
          const file = await stored
          if (file) found.set(address, file)
        }),
      )
      leftMs -= performance.now() - since
      return found
    },
    /** The addresses that could not be downloaded so far, and why. */
    failures: (): ReadonlyMap<string, string> => failures,
  }
}

const outOfTime = 'Copying the output files took too long.'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
