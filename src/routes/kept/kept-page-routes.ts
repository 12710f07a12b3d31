import { type Context, Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { findInPath } from '../prediction.tsx'
import { requestHeader } from '../request/connection.ts'
import { ensureViewer, isAuthenticated, viewerOf } from '../request/viewer.ts'
import { modelOf } from '../workspace/drawn-workspace.tsx'
import { findModel } from '../workspace/model-in-path.ts'
import { predictionOf } from '../workspace/result.ts'
import type { EncodedPage } from './kept-page.ts'
import { createSender } from './kept-page-sender.ts'
import type { OpeningPages } from './opening-pages.tsx'
import { isPageKept, type SettledPages } from './settled-pages.tsx'

/** The pages that are kept. */
export interface KeptPages {
  readonly opening: OpeningPages
  readonly settled: SettledPages
}

/**
 * Answers the pages that are asked for most before the middleware of pages, with the headers that it
 * would set: it takes longer than the rest of such an answer. All other requests, and those that fail
 * here, go on to the routes behind it.
 */
export function keptPageRoutes(deps: Deps, { opening, settled }: KeptPages): Hono {
  const send = createSender(deps)

  /** The page of a model as it opens, or with the prediction in the query alone. */
  async function workspace(c: Context): Promise<EncodedPage | null> {
    const query = /\?(.*)/s.exec(c.req.url)?.[1] ?? ''
    if (query === '' || query === 'blank') {
      const model = await findModel(c, deps)
      return model && opening.open(c, model, query === 'blank')
    }
    const asked = /^prediction=([a-z2-7]{26})$/.exec(query)?.[1]
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    const prediction = ref && asked ? await predictionOf(c, deps, ref, asked) : null
    if (!prediction || !isPageKept(prediction)) return null
    const model = await modelOf(c, deps, prediction)
    return model && settled.result(c, model, prediction)
  }

  async function sendWorkspace(c: Context): Promise<Response | null> {
    const isOther = c.req.param('name')?.includes(':') || deps.runner.modelsReading() > 0
    if (isOther || !asksForHtml(c) || !isAuthenticated(c, deps)) return null
    const found = await workspace(c)
    if (!found) return null
    const isNew = viewerOf(c, deps).id === ''
    if (isNew) ensureViewer(c, deps)
    return send(c, found, isNew)
  }

  async function sendRecord(c: Context): Promise<Response | null> {
    if (c.req.url.includes('?') || !asksForHtml(c) || !isAuthenticated(c, deps)) return null
    const prediction = await findInPath(c, deps, 'see')
    if (!prediction || !isPageKept(prediction)) return null
    const found = await settled.record(c, prediction)
    return send(c, found)
  }

  return new Hono()
    .get('/p/:id', async (c, next) => (await sendRecord(c).catch(() => null)) ?? next())
    .get('/:owner/:name', async (c, next) => (await sendWorkspace(c).catch(() => null)) ?? next())
}

/** Whether HTML is the first choice, in the words of browsers. */
function asksForHtml(c: Context): boolean {
  const accepted = requestHeader(c, 'accept') ?? '*/*'
  return accepted === '*/*' || /^text\/html(?:,|$)/.test(accepted)
}
