import { availableParallelism } from 'node:os'
import type { LocalModel } from '../library/describe.ts'
import type { Pool } from '../process/pool.ts'

/** A version of which some copies are kept warm. */
export interface WarmWish {
  readonly local: LocalModel
  readonly count: number
  /** How many processes its model may have, of all versions. */
  readonly most: number
}

interface KeepWarmOptions {
  readonly pool: Pool
  /** What is kept warm now. */
  readonly wishes: () => Promise<readonly WarmWish[]>
  /** To be called before a copy starts; false when it cannot. */
  readonly prepare: (local: LocalModel) => Promise<boolean>
}

/** How often copies are counted, in milliseconds. */
const lookMs = 1_000

/** As many boot at once as make each other no slower. */
const mostBooting = Math.max(2, availableParallelism())

/** Keeps copies of some versions running: starts those that are missing, one after the other. */
export function keepWarm({ pool, wishes, prepare }: KeepWarmOptions) {
  let looking: Promise<void> | null = null
  let closed = false
  const timer = setInterval(lookOnce, lookMs).unref()
  const first = setImmediate(lookOnce)

  function lookOnce(): void {
    // Models that cannot be read now are kept warm later.
    looking ??= look()
      .catch(() => {})
      .finally(() => {
        looking = null
      })
  }

  async function look(): Promise<void> {
    const wished = await wishes()
    pool.keep(new Map(wished.map(({ local, count }) => [local.model.version.id, count])))
    for (const wish of wished) await fill(wish)
  }

  async function fill(wish: WarmWish): Promise<void> {
    if (!isMissing(wish) || !(await prepare(wish.local))) return
    while (!closed && isMissing(wish)) pool.warm(wish.local)
  }

  function isMissing({ local, count, most }: WarmWish): boolean {
    const { ofVersion, ofModel, booting } = pool.count(local)
    if (pool.failures.putsOff(local.model.version.id)) return false
    return ofVersion < count && ofModel < most && booting < mostBooting
  }

  return {
    async close(): Promise<void> {
      closed = true
      clearInterval(timer)
      clearImmediate(first)
      await looking
    },
  }
}
