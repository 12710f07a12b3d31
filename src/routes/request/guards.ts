import { Hono, type MiddlewareHandler } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { type Config, hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { may } from '../../domain/policy.ts'
import type { Stylesheet } from '../assets.ts'
import { hostName } from './connection.ts'
import { pageCaching, sandpitHeader } from './page.tsx'
import { disabledPage, signInFirst } from './sign-in-first.tsx'
import { sentToken, tokenReader } from './tokens.ts'
import { viewerOf } from './viewer.ts'

/** Refuses requests for other host names, against DNS rebinding. */
export function allowedHostsOnly({ url, hosts }: Config): MiddlewareHandler {
  const known = new Set([...hosts, ...(url ? [url.hostname.replace(/\.$/, '')] : [])])
  return createMiddleware(async (c, next) => {
    const host = hostName(c)
    if (host === null) return c.text('This request has two different hosts.\n', 421)
    if (isLoopback(host) || known.has(host.replace(/\.$/, ''))) return next()
    return c.text(
      `This server does not accept requests for ${host}. Its operator can add it to SANDPIT_HOSTS.\n`,
      421,
    )
  })
}

/**
 * The headers of pages: they load nothing from elsewhere, run no inline scripts, and are framed by pages of
 * these origins alone: none by default.
 */
export function pageHeaders(
  { url }: Pick<Config, 'url'>,
  stylesheet: Stylesheet | null,
  framedBy: readonly string[] = [],
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", ...(stylesheet ? [stylesheet.source] : [])],
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: framedBy.length === 0 ? ["'none'"] : [...framedBy],
    },
    // With "no-referrer" browsers send forms with Origin: null, which sameOriginFormsOnly refuses.
    referrerPolicy: 'same-origin',
    // It cannot name origins.
    xFrameOptions: framedBy.length === 0 ? 'DENY' : false,
    strictTransportSecurity: url?.protocol === 'https:',
    // For browsers and plug-ins that are gone. They would be half a kilobyte of a first view.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    // Stored files set stricter headers.
    overwrite: false,
  })
}

/** The same headers, for responses that do not pass through it. */
export async function pageHeadersOf(...given: Parameters<typeof pageHeaders>) {
  const { headers } = await new Hono()
    .use(pageHeaders(...given))
    .get('/', (c) => c.body(null))
    .request('/')
  return Object.fromEntries(headers)
}

/** Keeps responses without Cache-Control out of shared caches. */
export function privateByDefault(): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', pageCaching(c))
  })
}

/** Refuses forms from other sites. Hono’s `csrf` checks only the content types of plain forms. */
export function sameOriginFormsOnly({ url }: Config): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    const { method } = c.req
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return next()
    const own = url?.origin ?? new URL(c.req.url).origin
    const isOwn = c.req.header('Sec-Fetch-Site') === 'same-origin' || c.req.header('Origin') === own
    if (isOwn) return next()
    c.header(sandpitHeader, 'page')
    return c.text(`Forbidden: this did not come from a page at ${own}.\n`, 403)
  })
}

/** Refuses viewers who are not signed in, and those whom an operator shut out. */
export function authentication(deps: Deps): MiddlewareHandler {
  const { auth } = deps.config
  if (!hasPeople(deps.config)) return (_c, next) => next()
  const askPassword =
    auth.kind === 'basic' &&
    basicAuth({ username: auth.user, password: auth.password, realm: 'Sandpit' })
  return async (c, next) => {
    const { is = 'out' } = c.get('standing') ?? {}
    if (is === 'in') return next()
    if (is === 'disabled') return disabledPage(c, deps)
    if (askPassword) return askPassword(c, next)
    if (auth.kind !== 'header') return signInFirst(c, deps)
    return c.text(
      `Sign in first: this server’s proxy must send your name in the ${auth.name} header.\n`,
      401,
    )
  }
}

/** The same, but lets in requests with an API token, too: monitoring has no person’s sign-in. */
function authenticationOrToken(deps: Deps): MiddlewareHandler {
  const people = authentication(deps)
  const bearerOf = tokenReader(deps)
  return async (c, next) => {
    const token = sentToken(c)
    const bearer = token === null ? null : await bearerOf(c, token)
    if (!bearer) return people(c, next)
    c.set('sender', bearer.viewer)
    return next()
  }
}

/** Lets in those who may read metrics. Where nobody signs in, that is everyone. */
export function metricsReaders(deps: Deps): readonly [MiddlewareHandler, MiddlewareHandler] {
  return [
    authenticationOrToken(deps),
    (c, next) => {
      const viewer = viewerOf(c, deps)
      if (viewer.kind === 'browser' || may(viewer, 'read metrics')) return next()
      return Promise.resolve(c.text(onlyWithScope, 403))
    },
  ]
}

const onlyWithScope = 'Metrics are for operators, and for API tokens with the scope metrics.\n'
