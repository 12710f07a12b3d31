import { createMiddleware } from 'hono/factory'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Deps } from '../../deps.ts'
import { clientAddress } from '../request/connection.ts'
import { sendProblem } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'

const minuteSeconds = 60

/** The paths at which predictions are created. */
const creation = /\/predictions$/

/** Limits the requests of each token in a minute; without tokens, those of each client address. */
export function rateLimited(deps: Deps) {
  const { rate } = deps.config
  if (!rate) return createMiddleware<ApiEnv>((_c, next) => next())
  const limits = {
    creations: new RateLimiterMemory({ points: rate.creations, duration: minuteSeconds }),
    others: new RateLimiterMemory({ points: rate.others, duration: minuteSeconds }),
  }
  return createMiddleware<ApiEnv>(async (c, next) => {
    const isCreation = c.req.method === 'POST' && creation.test(c.req.path)
    const taken = await take(limits[isCreation ? 'creations' : 'others'], clientOf(c, deps))
    const seconds = Math.ceil(taken.left.msBeforeNext / 1000)
    c.header('ratelimit-remaining', String(taken.left.remainingPoints))
    c.header('ratelimit-reset', String(seconds))
    if (taken.ok) return next()
    return sendProblem(c, {
      detail: `Request was throttled. Your rate limit resets in ~${seconds}s.`,
      status: 429,
      retry_after: seconds,
    })
  })
}

function clientOf(c: ApiContext, deps: Deps): string {
  const viewer = c.get('viewer') as ApiEnv['Variables']['viewer'] | undefined
  return viewer?.id ?? clientAddress(c, deps)
}

interface Taken {
  readonly ok: boolean
  readonly left: RateLimiterRes
}

async function take(limiter: RateLimiterMemory, client: string): Promise<Taken> {
  try {
    return { ok: true, left: await limiter.consume(client) }
  } catch (left) {
    // The library rejects with the state of the limit when it is reached.
    return { ok: false, left: left as RateLimiterRes }
  }
}
