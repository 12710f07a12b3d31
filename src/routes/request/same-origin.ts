import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { originOf } from './page.tsx'

const longestAddress = 4_096

/**
 * The path of a URL of ours, below the one that we are served under; null for any other text. Our
 * origins are that of the request, those in the configuration, and each of our hosts at our port.
 */
export function sameOriginPath(text: string, c: Context, deps: Deps): string | null {
  if (text.length > longestAddress || !/^(?:https?:|\/)/.test(text)) return null
  const { base } = deps.paths
  const url = URL.parse(text, originOf(c, deps))
  if (!url || !isOwn(url, c, deps) || !url.pathname.startsWith(`${base}/`)) return null
  return url.pathname.slice(base.length)
}

function isOwn(url: URL, c: Context, { config }: Deps): boolean {
  const request = new URL(c.req.url)
  const origins = [request.origin, config.url?.origin, config.callbackUrl?.origin]
  if (origins.includes(url.origin)) return true
  const isOurName = isLoopback(url.hostname) || config.hosts.includes(url.hostname)
  return isOurName && [request.port, String(config.port)].includes(url.port)
}
