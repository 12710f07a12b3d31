import { setImmediate } from 'node:timers/promises'

/** A row of a list: whether it matches the whole filter, and where the list goes on after it. */
export interface Candidate {
  readonly id: string
  readonly matches: boolean
  readonly cursor: string
}

export interface Batch {
  readonly candidates: readonly Candidate[]
  /** Where the next batch begins; null at the end. */
  readonly next: string | null
  /** How many rows were looked at, or what took as long. */
  readonly cost: number
}

/** Rows in the order of the list, those that no index could exclude among them. */
export type Source = (after: string | null, size: number) => Promise<Batch>

export interface Walked {
  /** At most `limit` rows that match. */
  readonly found: readonly Candidate[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
  /** Whether it ended at `next` before the page was full. */
  readonly isCut: boolean
}

/** How many rows are looked at for one page. */
const mostLookedAt = 20_000

const sizes = { first: 256, least: 32, most: 512 }

/** A database in this process holds the event loop while it reads a batch. */
const batchMs = { short: 1, long: 3 }

/** Looks at rows until a page is full, in batches between which other requests are answered. */
export async function walk(source: Source, limit: number, after: string | null): Promise<Walked> {
  const found: Candidate[] = []
  let next = after
  let size = Math.min(limit + 1, sizes.first)
  let looked = 0
  do {
    const begun = performance.now()
    const batch = await source(next, size)
    const took = performance.now() - begun
    found.push(...batch.candidates.filter(({ matches }) => matches))
    if (found.length > limit) return firstOf(found, limit)
    next = batch.next
    if (next === null) return { found, next, isCut: false }
    looked += batch.cost
    if (took < batchMs.short) size = Math.min(sizes.most, size * 2)
    if (took > batchMs.long) size = Math.max(sizes.least, Math.floor(size / 2))
    await setImmediate()
  } while (looked < mostLookedAt)
  return { found, next, isCut: true }
}

function firstOf(found: readonly Candidate[], limit: number): Walked {
  const first = found.slice(0, limit)
  return { found: first, next: first.at(-1)?.cursor ?? null, isCut: false }
}
