import { type Context, Hono } from 'hono'
import { requestId } from 'hono/request-id'
import type { Deps } from '../deps.ts'
import { once } from '../domain/once.ts'
import type { BlankPages } from './forms/blank-pages.tsx'
import { requestHeader } from './request/connection.ts'
import { pageHeadersOf } from './request/guards.ts'
import type { EncodedPage } from './request/kept-page.ts'
import { bringStylesheet, keptPageHeaders } from './request/page.tsx'
import { ensureViewer, isAuthenticated, viewerOf } from './request/viewer.ts'
import { findModel } from './workspace/model-in-path.ts'

/**
 * Answers the pages that are asked for most before the middleware of pages, with the headers that it
 * would set: it takes longer than the rest of such an answer. All other requests, and those that fail
 * here, go on to the routes behind it.
 */
export function keptPageRoutes(deps: Deps, pages: BlankPages): Hono {
  const send = createSender(deps)

  async function openingPage(c: Context): Promise<Response | null> {
    const isBlank = c.req.url.endsWith('?blank')
    const isOther = !isBlank && c.req.url.includes('?')
    if (isOther || c.req.param('name')?.includes(':') || deps.runner.modelsReading() > 0)
      return null
    const model = asksForHtml(c) && isAuthenticated(c, deps) ? await findModel(c, deps) : null
    if (!model) return null
    const isNew = viewerOf(c, deps).id === ''
    if (isNew) ensureViewer(c, deps)
    return send(c, await pages.open(c, model, isBlank), { vary: 'Accept, Accept-Encoding', isNew })
  }

  return new Hono().get('/:owner/:name', async (c, next) => {
    const answer = await openingPage(c).catch(() => null)
    return answer ?? next()
  })
}

/** Whether HTML is the first choice, in the words of browsers. */
function asksForHtml(c: Context): boolean {
  const accepted = requestHeader(c, 'accept') ?? '*/*'
  return accepted === '*/*' || /^text\/html(?:,|$)/.test(accepted)
}

interface Sent {
  readonly vary: string
  /** Whether the viewer is given a cookie. */
  readonly isNew: boolean
}

function createSender(deps: Deps) {
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
