import type { Router } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'

/** What watching browsers ask for, and nothing else has these addresses. */
const panelRoutes: ReadonlySet<string> = new Set(['/p/:id/panel', '/s/:token/panel'])
const panelPath = /^\/[ps]\/[^/]+\/panel$/

/**
 * The router of all routes, with one beside it for panels alone: among so many routes that begin
 * with a name, finding one was up to a third of all that a panel at hand took.
 */
export function createRouter<T>(): Router<T> {
  const all = new TrieRouter<T>()
  const panels = new SmartRouter<T>({ routers: [new RegExpRouter<T>(), new TrieRouter<T>()] })
  return {
    name: 'panels, then all',
    add(method, path, handler) {
      all.add(method, path, handler)
      if (panelRoutes.has(path) || path.includes('*')) panels.add(method, path, handler)
    },
    match: (method, path) => (panelPath.test(path) ? panels : all).match(method, path),
  }
}
