import { createMiddleware } from 'hono/factory'
import type { Deps } from '../../deps.ts'
import { type RateLeft, throttled } from '../request/rates.ts'
import type { ApiManners } from './access.ts'
import { type Problem, sendProblem } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'

/** The paths at which predictions are created. */
const creation = /\/(?:predictions|completions|embeddings)$/

/** Limits the requests of each account in a minute; those of unknown senders by their address. */
export function rateLimited(deps: Deps, refuse: ApiManners['refuse'] = sendProblem) {
  if (!deps.rates) return createMiddleware<ApiEnv>((_c, next) => next())
  return createMiddleware<ApiEnv>(async (c, next) => {
    const isCreation = c.req.method === 'POST' && creation.test(c.req.path)
    const left = await takeRate(c, deps, isCreation ? 'creations' : 'others')
    if (!left) return next()
    showLeft(c, left.remaining, left.seconds)
    c.set('rateLeft', left.remaining)
    const problem = rateProblem(left)
    return problem ? refuse(c, problem) : next()
  })
}

/** Takes one request of the rate of its sender; null where rates have no limits. */
export async function takeRate(
  c: ApiContext,
  deps: Deps,
  kind: 'creations' | 'others',
): Promise<RateLeft | null> {
  const viewer = c.get('viewer') as ApiEnv['Variables']['viewer'] | undefined
  return deps.rates ? deps.rates.take(kind, c, deps, viewer) : null
}

/** Why a request is refused; null while its sender has some left. */
export function rateProblem(left: RateLeft | null): Problem | null {
  if (!left || left.ok) return null
  return { detail: throttled(left), status: 429, retry_after: left.seconds }
}

/** Sends how many requests are left, and after how many seconds all of them are there again. */
export function showLeft(c: ApiContext, remaining: number, seconds: number): void {
  c.header('ratelimit-remaining', String(remaining))
  c.header('ratelimit-reset', String(seconds))
}
