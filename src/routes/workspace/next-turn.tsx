import { Hono } from 'hono'
import { NextTurnEnd } from '../../../views/workspace/next-turn.tsx'
import type { Deps } from '../../deps.ts'
import { findInPath } from '../prediction.tsx'
import { fragment } from '../request/page.tsx'

/** The end of the form of the next turn, for a page on which the answer before it has settled. */
export function nextTurnRoutes(deps: Deps) {
  return new Hono().get('/p/:id/next-turn', async (c) => {
    const prediction = await findInPath(c, deps, 'see')
    return prediction ? fragment(c, deps, <NextTurnEnd prediction={prediction} />) : c.notFound()
  })
}
