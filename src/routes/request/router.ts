import type { Router } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'

/** What watching browsers and programs ask for again and again; nothing else has these addresses. */
const hotRoutes: ReadonlySet<string> = new Set(['/p/:id/panel', '/s/:token/panel', '/v1/*'])
const hotPath = /^\/(?:[ps]\/[^/]+\/panel$|v1\/)/

/**
 * The router of all routes, with one beside it for those that are asked for most: among so many
 * routes that begin with a name, finding one was up to a third of all that a panel at hand took.
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
