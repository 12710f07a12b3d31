import { createMiddleware } from 'hono/factory'
import { type Config, hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import type { Scope, Viewer } from '../../domain/people/viewer.ts'
import { requestHeader } from '../request/connection.ts'
import { originOf } from '../request/page.tsx'
import type { TokenBearer } from '../request/personal-tokens.ts'
import { machineViewers, sentToken, tokenReader } from '../request/tokens.ts'
import { isLocalOperator } from '../request/viewer.ts'
import { type Problem, sendProblem, unauthenticated } from './problem.ts'
import type { ApiContext, ApiEnv } from './route.ts'
import { lacking, scopeOf } from './scopes.ts'

/** The viewer of requests from this machine, which need no token while none are set. */
const thisMachine: Viewer = {
  id: 'this-machine',
  kind: 'browser',
  role: 'operator',
  namespaces: [],
  scopes: null,
}

const bearerOfThisMachine: TokenBearer = {
  viewer: thisMachine,
  account: thisMachine.id,
  token: null,
}

/** The differences between the APIs that programs use: the form of their errors, and the scope of a request. */
export interface ApiManners {
  readonly refuse: (c: ApiContext, problem: Problem) => Response
  /** The scope that a request needs. */
  readonly scopeOf: (method: string, path: string) => Exclude<Scope, 'metrics'>
}

const replicateManners: ApiManners = { refuse: sendProblem, scopeOf }

/**
 * Lets in requests with a token, for what its scopes allow; where nobody signs in and no tokens are
 * set, those from this machine.
 */
export function tokensOnly(deps: Deps, { refuse, scopeOf }: ApiManners = replicateManners) {
  const { config } = deps
  const isOpenHere = config.apiTokens.length === 0 && !hasPeople(config)
  const bearerOf = tokenReader(deps)
  return createMiddleware<ApiEnv>(async (c, next) => {
    const token = sentToken(c)
    const find = () =>
      isOpenHere ? bearerHere(c, deps) : token === null ? null : bearerOf(c, token)
    const found = find()
    const bearer = found instanceof Promise ? await found : found
    if (!bearer) {
      c.header('WWW-Authenticate', token === null ? 'Bearer' : 'Bearer error="invalid_token"')
      return refuse(c, isOpenHere ? closed(config) : unauthenticated)
    }
    c.set('viewer', bearer.viewer)
    c.set('account', bearer.account)
    c.set('isStillIn', async () => (await find()) !== null)
    if (bearer.token !== null) c.set('personalToken', bearer.token)
    const scope = scopeOf(c.req.method, c.req.path)
    const problem = lacking(bearer.viewer, scope)
    if (!problem) return next()
    c.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
    return refuse(c, problem)
  })
}

/** All viewers that the API can let in without the token of a person. */
export function apiViewers({ apiTokens }: Pick<Config, 'apiTokens'>): readonly Viewer[] {
  return apiTokens.length === 0 ? [thisMachine] : machineViewers({ apiTokens })
}

/** The bearer on this machine; null for any other. Pages of other sites are refused. */
function bearerHere(c: ApiContext, deps: Deps): TokenBearer | null {
  const isHere = isLocalOperator(c, deps.config) && !isFromElsewhere(c, deps)
  return isHere ? bearerOfThisMachine : null
}

function isFromElsewhere(c: ApiContext, deps: Deps): boolean {
  const site = requestHeader(c, 'sec-fetch-site') ?? 'none'
  const origin = requestHeader(c, 'origin')
  return (
    !['none', 'same-origin'].includes(site) ||
    (origin !== undefined && origin !== originOf(c, deps) && origin !== new URL(c.req.url).origin)
  )
}

function closed({ localOperator }: Config): Problem {
  const now = localOperator ? 'only accepts requests from this machine' : 'accepts no requests'
  return {
    ...unauthenticated,
    detail: `The API ${now} until its operator sets SANDPIT_API_TOKENS. Then send one of them: Authorization: Bearer TOKEN.`,
  }
}
