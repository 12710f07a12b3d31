import { createMiddleware } from 'hono/factory'
import type { Deps } from '../../deps.ts'
import { throttled } from '../request/rates.ts'
import { sendProblem } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'

/** The paths at which predictions are created. */
const creation = /\/predictions$/

/** Limits the requests of each account in a minute; those of unknown senders by their address. */
export function rateLimited(deps: Deps) {
  const { rates } = deps
  if (!rates) return createMiddleware<ApiEnv>((_c, next) => next())
  return createMiddleware<ApiEnv>(async (c, next) => {
    const isCreation = c.req.method === 'POST' && creation.test(c.req.path)
    const viewer = c.get('viewer') as ApiEnv['Variables']['viewer'] | undefined
    const left = await rates.take(isCreation ? 'creations' : 'others', c, deps, viewer)
    showLeft(c, left.remaining, left.seconds)
    c.set('rateLeft', left.remaining)
    if (left.ok) return next()
    return sendProblem(c, { detail: throttled(left), status: 429, retry_after: left.seconds })
  })
}

/** Sends how many requests are left, and after how many seconds all of them are there again. */
export function showLeft(c: ApiContext, remaining: number, seconds: number): void {
  c.header('ratelimit-remaining', String(remaining))
  c.header('ratelimit-reset', String(seconds))
}
