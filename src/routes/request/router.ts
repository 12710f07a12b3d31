import type { Router } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { getPath } from 'hono/utils/url'
import type { Config } from '../../config.ts'
import { headerText } from './connection.ts'

/** The routes that watching browsers and programs request over and over. No other route matches these paths. */
const hotRoutes: ReadonlySet<string> = new Set(['/p/:id/panel', '/s/:token/panel', '/v1/*'])
const hotPath = /^\/(?:[ps]\/[^/]+\/panel$|v1\/)/

/**
 * The router of all routes, with a second one for the hot ones: among so many routes that begin with
 * a parameter, matching took up to a third of the time of a cached panel.
 */
export function createRouter<T>(): Router<T> {
  const all = new TrieRouter<T>()
  const hot = new SmartRouter<T>({ routers: [new RegExpRouter<T>(), new TrieRouter<T>()] })
  return {
    name: 'the hot ones, then all',
    add(method, path, handler) {
      all.add(method, path, handler)
      if (hotRoutes.has(path) || path.includes('*')) hot.add(method, path, handler)
    },
    match: (method, path) => (hotPath.test(path) ? hot : all).match(method, path),
  }
}

type BaseConfig = Pick<Config, 'base' | 'trustProxy'>

/**
 * Reads the path of a request below the one that we are served under, whether the proxy passes that
 * one on or takes it off.
 */
export function pathReader({ base, trustProxy }: BaseConfig): (request: Request) => string {
  if (base === '') return getPath
  return (request) => {
    const path = getPath(request)
    if (path === base) return '/'
    if (path.startsWith(`${base}/`)) return path.slice(base.length)
    // Health checks do not come through the proxy.
    if (path === '/healthz' || path === '/readyz') return path
    return trustProxy && prefixOf(request) === base ? path : `/outside${path}`
  }
}

/** The path that a proxy says it took off, encoded as in a URL. */
function prefixOf(request: Request): string | undefined {
  const given = headerText(request.headers.get('X-Forwarded-Prefix') ?? '')
  return URL.parse(given, 'http://localhost')?.pathname.replace(/(?<!\/)\/+$/, '')
}
