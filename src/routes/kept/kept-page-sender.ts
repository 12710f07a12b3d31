import type { Context } from 'hono'
import { requestId } from 'hono/request-id'
import type { Deps } from '../../deps.ts'
import { once } from '../../domain/once.ts'
import { pageHeadersOf } from '../request/guards.ts'
import { keptPageHeaders, pageCaching } from '../request/page.tsx'
import { bringStylesheet } from '../request/stylesheet.ts'
import type { EncodedPage } from './kept-page.ts'

/**
 * Sends kept pages with the headers that the middleware of pages would set. `isNew` says that the
 * viewer is given a cookie.
 */
export function createSender(deps: Deps) {
  const shared = once(async () => ({
    ...(await pageHeadersOf(deps.config, deps.stylesheet)),
    ...keptPageHeaders,
    // Programs get other documents at the same addresses.
    Vary: 'Accept, Accept-Encoding',
  }))
  const assignId = requestId()

  return async function send(c: Context, { bytes, encoding }: EncodedPage, isNew = false) {
    await assignId(c, async () => {})
    const headers = {
      ...(await shared()),
      ...(encoding === 'gzip' ? { 'Content-Encoding': encoding } : {}),
      'Cache-Control': pageCaching(c),
      'X-Request-Id': c.get('requestId'),
    }
    // With cookies, Hono joins them; without, Node takes the headers as they are.
    if (bringStylesheet(c, deps) || isNew) return c.body(bytes, 200, headers)
    return new Response(bytes, { headers })
  }
}
