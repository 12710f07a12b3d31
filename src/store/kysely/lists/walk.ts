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

/** How many rows a batch has. Fewer are asked for after one that took long, more after a short one. */
export interface Pace {
  readonly least: number
  readonly most: number
  /** How many times as many after a short one. */
  readonly growth: number
  readonly shortMs: number
  readonly longMs: number
}

/** A database in this process holds the event loop while it reads a batch. */
export const inProcess: Pace = { least: 32, most: 512, growth: 2, shortMs: 1, longMs: 3 }

/** Each batch waits for an answer of a server. */
export const onServer: Pace = { least: 64, most: 4_096, growth: 4, shortMs: 10, longMs: 40 }

const mostAtFirst = 256

/**
 * Some rows more than a page has, as a few of them may not match. There are few sizes, as each is a statement
 * of its own: a database plans a limit that it knows better.
 */
function firstSize(limit: number, { least }: Pace): number {
  let size = least
  while (size < limit * 1.125 && size < mostAtFirst) size *= 2
  return size
}

/** Looks at rows until a page is full, in batches between which other requests are answered. */
export async function walk(
  source: Source,
  limit: number,
  after: string | null,
  pace: Pace,
): Promise<Walked> {
  const found: Candidate[] = []
  let next = after
  let size = firstSize(limit, pace)
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
    if (took < pace.shortMs) size = Math.min(pace.most, size * pace.growth)
    if (took > pace.longMs) size = Math.max(pace.least, Math.floor(size / 2))
    await setImmediate()
  } while (looked < mostLookedAt)
  return { found, next, isCut: true }
}

function firstOf(found: readonly Candidate[], limit: number): Walked {
  const first = found.slice(0, limit)
  return { found: first, next: first.at(-1)?.cursor ?? null, isCut: false }
}
