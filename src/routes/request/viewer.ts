import { createHmac } from 'node:crypto'
import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { LRUCache } from 'lru-cache'
import { type Config, hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { nobody, type Viewer } from '../../domain/people/viewer.ts'
import { hostName, remoteAddress } from './connection.ts'
import { equalBytes } from './constant-time.ts'
import { cookieOf } from './cookies.ts'

const cookieName = 'viewer'
const yearSeconds = 365 * 24 * 60 * 60

/** The sender of a request. The id is empty for a visitor without a name and without our cookie. */
export function viewerOf(c: Context, deps: Deps): Viewer {
  const known = c.get('sender')
  if (known) return known
  const sender = readViewer(c, deps)
  c.set('sender', sender)
  return sender
}

declare module 'hono' {
  interface ContextVariableMap {
    /** The viewer, after `knowSender` or the first call of `viewerOf`. */
    sender?: Viewer
  }
}

/** The viewer by their cookie. Where people sign in, `knowSender` knows them before. */
function readViewer(c: Context, deps: Deps): Viewer {
  if (hasPeople(deps.config)) return nobody
  const cookie = cookieOf(c, cookieName)
  const id = cookie === undefined ? '' : deps.viewerIds.read(cookie)
  const role = isLocalOperator(c, deps.config) ? 'operator' : 'member'
  return { id, kind: 'browser', role, namespaces: [], scopes: null }
}

/** The viewer of a page that opens for all: those who are not signed in are nobody. */
export function openerOf(c: Context, deps: Deps): Viewer {
  return isAuthenticated(c, deps) ? viewerOf(c, deps) : nobody
}

/** The viewer, with a cookie to know them by from now on: for visitors who are about to run something. */
export function ensureViewer(c: Context, deps: Deps): Viewer {
  const viewer = viewerOf(c, deps)
  if (viewer.id !== '') return viewer
  const id = deps.newId()
  setCookie(c, cookieName, deps.viewerIds.sign(id), {
    path: `${deps.paths.base}/`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: deps.config.url?.protocol === 'https:',
    maxAge: yearSeconds,
  })
  const known = { ...viewer, id }
  c.set('sender', known)
  return known
}

export type ViewerIds = ReturnType<typeof createViewerIds>

/**
 * The ids of viewers in cookies that we sign with `key`. Hono’s signed cookies are asynchronous, and
 * verified again with each request.
 */
export function createViewerIds(key: string) {
  /** The id in each cookie that was verified. */
  const verified = new LRUCache<string, string>({ max: 10_000 })

  function signature(id: string): string {
    return createHmac('sha256', key).update(id).digest('base64url')
  }

  return {
    /** The value of the cookie that holds an id. */
    sign: (id: string): string => `${id}.${signature(id)}`,
    /** The id in a cookie; empty when we did not sign it. */
    read(cookie: string): string {
      const known = verified.get(cookie)
      if (known !== undefined) return known
      const [id = '', given = ''] = cookie.split('.')
      if (!isId(id) || !equalBytes(Buffer.from(given), Buffer.from(signature(id)))) return ''
      verified.set(`${id}.${given}`, id)
      return id
    },
  }
}

/** Whether the viewer is signed in, where people sign in. Share links open for others, too. */
export function isAuthenticated(c: Context, deps: Deps): boolean {
  return viewerOf(c, deps).kind !== 'nobody'
}

/** Whether a request from this machine is the operator's. It never is where people sign in. */
export function isLocalOperator(c: Context, { localOperator }: Pick<Config, 'localOperator'>) {
  return localOperator && isOnThisMachine(c)
}

/** From loopback, to a loopback name, and not forwarded by a proxy that serves others. */
function isOnThisMachine(c: Context): boolean {
  return isLoopback(remoteAddress(c)) && isLoopback(hostName(c) ?? '') && !isForwarded(c)
}

/** The headers that proxies add without being told to; each adds some of them. */
const forwardingHeader =
  /^(?:x-forwarded-.*|x-(?:real|client|cluster-client)-ip|forwarded|via|true-client-ip|cf-.*|cdn-loop|x-envoy-.*|x-original-.*)$/

/** Browsers and API clients speak HTTP/1.1; proxies speak 1.0 unless they are told otherwise. */
function isForwarded(c: Context): boolean {
  const { incoming } = c.env
  return (
    incoming.httpVersion === '1.0' ||
    Object.keys(incoming.headers).some((name) => forwardingHeader.test(name))
  )
}
