import { createMiddleware } from 'hono/factory'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { requestHeader } from '../request/connection.ts'
import { originOf } from '../request/page.tsx'
import { tokenReader, tokenViewers } from '../request/tokens.ts'
import { isLocalOperator } from '../request/viewer.ts'
import { type Problem, sendProblem, unauthenticated } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'

/** The viewer of requests from this machine, which need no token while none are set. */
const thisMachine: Viewer = {
  id: 'this-machine',
  kind: 'browser',
  role: 'operator',
  namespaces: [],
  scopes: null,
}

function closed({ localOperator }: Config): Problem {
  const now = localOperator ? 'only accepts requests from this machine' : 'accepts no requests'
  return {
    ...unauthenticated,
    detail: `The API ${now} until its operator sets SANDPIT_API_TOKENS. Then send one of them: Authorization: Bearer TOKEN.`,
  }
}

/** Lets in requests with a token; while none are set, those from this machine. Both may do what an operator may. */
export function tokensOnly(deps: Deps) {
  const hasTokens = deps.config.apiTokens.length > 0
  const viewerOfToken = tokenReader(deps.config)
  return createMiddleware<ApiEnv>(async (c, next) => {
    const viewer = hasTokens ? viewerOfToken(c) : viewerHere(c, deps)
    if (viewer) {
      c.set('viewer', viewer)
      return next()
    }
    c.header('WWW-Authenticate', 'Bearer')
    return sendProblem(c, hasTokens ? unauthenticated : closed(deps.config))
  })
}

/** All viewers that the API can let in. */
export function apiViewers({ apiTokens }: Pick<Config, 'apiTokens'>): readonly Viewer[] {
  if (apiTokens.length === 0) return [thisMachine]
  return tokenViewers({ apiTokens })
}

/**
 * The viewer on this machine; null for any other. Where people sign in, requests that the proxy
 * forwards come from this machine, too, so there is none. Pages of other sites are refused.
 */
function viewerHere(c: ApiContext, deps: Deps): Viewer | null {
  const { kind } = deps.config.auth
  if (kind === 'basic' || kind === 'header') return null
  return isLocalOperator(c, deps.config) && !isFromElsewhere(c, deps) ? thisMachine : null
}

function isFromElsewhere(c: ApiContext, deps: Deps): boolean {
  const site = requestHeader(c, 'sec-fetch-site') ?? 'none'
  const origin = requestHeader(c, 'origin')
  return (
    !['none', 'same-origin'].includes(site) ||
    (origin !== undefined && origin !== originOf(c, deps) && origin !== new URL(c.req.url).origin)
  )
}
