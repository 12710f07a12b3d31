import { setTimeout as pause } from 'node:timers/promises'
import type { StoredFile } from '../domain/file/file.ts'
import { createSlots } from '../slots.ts'
import type { Run } from './provider.ts'

/** What is at an address: what it is called, and its bytes as they come. */
export interface Download {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

export interface DownloadOptions {
  readonly keepFile: Run['keepFile']
  open(address: string, signal: AbortSignal): Promise<Download>
  /** Whether an address that failed so is asked for again: one that was refused is not. */
  isRetryable(error: unknown): boolean
  /** How long until an address is asked for again, in milliseconds. */
  readonly retryMs: number
  /** How long all copies of the run may take together, in milliseconds. */
  readonly budgetMs: number
  readonly signal: AbortSignal
}

export type Downloads = ReturnType<typeof createDownloads>

const mostTries = 3
const mostAtOnce = 4

/**
 * Copies what the outputs of a run lead to into our own store: a few at once, each address once for
 * the run, and all within one budget of time. Never rejects for an address that cannot be copied.
 */
export function createDownloads(options: DownloadOptions) {
  const { keepFile, open, isRetryable: mayWorkLater, retryMs: againMs, budgetMs, signal } = options
  const copies = new Map<string, Promise<StoredFile | null>>()
  const lost = new Map<string, string>()
  const slots = createSlots(mostAtOnce)
  let leftMs = budgetMs

  async function copy(address: string, ends: AbortSignal): Promise<StoredFile | null> {
    for (let tries = 1; ; tries++)
      try {
        const { name, content } = await open(address, ends)
        return await keepFile(content, name)
      } catch (error) {
        if (signal.aborted) return null
        if (ends.aborted || tries === mostTries || !mayWorkLater(error)) {
          lost.set(address, ends.aborted ? outOfTime : messageOf(error))
          return null
        }
        await pause(againMs * tries, undefined, { signal: ends }).catch(() => {})
      }
  }

  async function copyInTurn(address: string, ends: AbortSignal): Promise<StoredFile | null> {
    let copied: StoredFile | null = null
    await slots(async () => {
      if (signal.aborted) return
      if (ends.aborted) lost.set(address, outOfTime)
      else copied = await copy(address, ends)
    })
    return copied
  }

  return {
    /** The stored files that are at some addresses. Those that could not be copied are not among them. */
    async fetchAll(addresses: Iterable<string>): Promise<ReadonlyMap<string, StoredFile>> {
      const wanted = new Set(addresses)
      const found = new Map<string, StoredFile>()
      if (wanted.size === 0) return found
      const since = performance.now()
      const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)))
      const ends = AbortSignal.any([signal, timeout])
      await Promise.all(
        [...wanted].map(async (address) => {
          const known = copies.get(address) ?? copyInTurn(address, ends)
          copies.set(address, known)
          const file = await known
          if (file) found.set(address, file)
        }),
      )
      leftMs -= performance.now() - since
      return found
    },
    /** The addresses that could not be copied so far, and why. */
    failures: (): ReadonlyMap<string, string> => lost,
  }
}

const outOfTime = 'Copying the output files took too long.'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
