import type { Context } from 'hono'
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { once } from '../../domain/once.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { clientAddress } from './connection.ts'

const minuteSeconds = 60

/** What is left of a rate. */
export interface RateLeft {
  readonly ok: boolean
  readonly remaining: number
  /** Until all of it is there again. */
  readonly seconds: number
}

export type Rates = NonNullable<ReturnType<typeof createRates>>

/**
 * Counts the requests of each account in a minute, whatever tokens and pages they come from. `pool` is one of
 * `pg`: the counts are then those of all replicas; null counts in memory.
 */
export function createRates(rate: Config['rate'], pool: object | null) {
  if (!rate) return null
  // Loaded with the first request: that makes the start shorter.
  const limits = once(async () => ({
    creations: await createLimiter('creations', rate.creations, pool),
    others: await createLimiter('others', rate.others, pool),
  }))

  return {
    /** Takes one request. Somebody who is not known is known by their address. */
    async take(
      kind: 'creations' | 'others',
      c: Context,
      deps: Deps,
      viewer: Pick<Viewer, 'id'> | undefined,
    ): Promise<RateLeft> {
      const limit = (await limits())[kind]
      const client = viewer?.id || clientAddress(c, deps)
      try {
        return leftOf(true, await limit.consume(client))
      } catch (left) {
        // The library rejects with the state of the limit when it is reached.
        return leftOf(false, left as RateLimiterRes)
      }
    },
  }
}

async function createLimiter(
  keyPrefix: string,
  points: number,
  pool: object | null,
): Promise<RateLimiterAbstract> {
  const { RateLimiterMemory, RateLimiterPostgres } = await import('rate-limiter-flexible')
  const inMemory = new RateLimiterMemory({ keyPrefix, points, duration: minuteSeconds })
  if (!pool) return inMemory
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rates',
    tableCreated: true,
    keyPrefix,
    points,
    duration: minuteSeconds,
    // Who has used up their limit is refused without a question to the database.
    inMemoryBlockOnConsumed: points,
    // While the database is away.
    insuranceLimiter: inMemory,
  })
}

function leftOf(ok: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): RateLeft {
  return { ok, remaining: remainingPoints, seconds: Math.ceil(msBeforeNext / 1000) }
}

/** Why a request is refused, and when it may be sent again. */
export function throttled({ seconds }: RateLeft): string {
  return `Request was throttled. Your rate limit resets in ~${seconds}s.`
}
