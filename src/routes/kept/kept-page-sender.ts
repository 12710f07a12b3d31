import type { Context } from 'hono'
import { requestId } from 'hono/request-id'
import type { Deps } from '../../deps.ts'
import { once } from '../../domain/once.ts'
import { pageHeadersOf } from '../request/guards.ts'
import { bringStylesheet, keptPageHeaders } from '../request/page.tsx'
import type { EncodedPage } from './kept-page.ts'

interface Sent {
  readonly vary: string
  /** Whether the viewer is given a cookie. */
  readonly isNew: boolean
}

/** Sends kept pages with the headers that the middleware of pages would set. */
export function createSender(deps: Deps) {
  const shared = once(async () => ({
    ...(await pageHeadersOf(deps.config, deps.stylesheet)),
    ...keptPageHeaders,
  }))
  const assignId = requestId()

  return async function send(c: Context, { bytes, encoding }: EncodedPage, { vary, isNew }: Sent) {
    await assignId(c, async () => {})
    const headers = {
      ...(await shared()),
      ...(encoding === 'gzip' ? { 'Content-Encoding': encoding } : {}),
      Vary: vary,
      'X-Request-Id': c.get('requestId'),
    }
    // With cookies, Hono joins them; without, Node takes the headers as they are.
    if (bringStylesheet(c, deps) || isNew) return c.body(bytes, 200, headers)
    return new Response(bytes, { headers })
  }
}
