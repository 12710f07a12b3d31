import { hash, timingSafeEqual } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/policy.ts'
import { originOf } from '../page.tsx'
import { isLocalOperator, sentHeader } from '../viewer.ts'
import { type Problem, sendProblem, unauthenticated } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'

/** Who uses the API without a token: someone on the machine itself, while no tokens are set. */
const thisMachine: Viewer = { id: 'this-machine', operator: true }

function closed({ localOperator }: Config): Problem {
  const now = localOperator ? 'on this machine alone' : 'nobody'
  return {
    ...unauthenticated,
    detail: `The API answers ${now} until its operator sets SANDPIT_API_TOKENS. Then send one: Authorization: Bearer TOKEN.`,
  }
}

/** Lets in who has a token. Without tokens, it is those on this machine; a token does what an operator may. */
export function tokensOnly(deps: Deps) {
  const known = deps.config.apiTokens.map((token) => hashOf(token))
  return createMiddleware<ApiEnv>(async (c, next) => {
    const viewer = known.length === 0 ? viewerHere(c, deps) : viewerOfToken(c, known)
    if (viewer) {
      c.set('viewer', viewer)
      return next()
    }
    c.header('WWW-Authenticate', 'Bearer')
    return sendProblem(c, known.length === 0 ? closed(deps.config) : unauthenticated)
  })
}

/** Every hash is compared, and each in constant time: how long it takes says nothing. */
function viewerOfToken(c: ApiContext, known: readonly Buffer[]): Viewer | null {
  const given = /^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(sentHeader(c, 'authorization') ?? '')?.[1]
  if (given === undefined) return null
  const claimed = hashOf(given)
  let found = false
  for (const one of known) found = timingSafeEqual(one, claimed) || found
  return found ? viewerOfHash(claimed) : null
}

function viewerOfHash(hashed: Buffer): Viewer {
  return { id: `token:${hashed.toString('hex', 0, 8)}`, operator: true }
}

/** Everyone whom the API can let in. */
export function apiViewers({ apiTokens }: Pick<Config, 'apiTokens'>): readonly Viewer[] {
  if (apiTokens.length === 0) return [thisMachine]
  return apiTokens.map((token) => viewerOfHash(hashOf(token)))
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/**
 * Where people sign in, being on the machine is not enough: a proxy in front of us is, too. A page
 * of another site that is open on this machine is not let in either.
 */
function viewerHere(c: ApiContext, deps: Deps): Viewer | null {
  const { kind } = deps.config.auth
  if (kind === 'basic' || kind === 'header') return null
  return isLocalOperator(c, deps.config) && !isFromElsewhere(c, deps) ? thisMachine : null
}

function isFromElsewhere(c: ApiContext, deps: Deps): boolean {
  const site = sentHeader(c, 'sec-fetch-site') ?? 'none'
  const origin = sentHeader(c, 'origin')
  return (
    !['none', 'same-origin'].includes(site) ||
    (origin !== undefined && origin !== originOf(c, deps) && origin !== new URL(c.req.url).origin)
  )
}
