import { Hono } from 'hono'
import { NextTurn } from '../../../views/workspace/next-turn.tsx'
import type { Deps } from '../../deps.ts'
import type { Panels } from '../panels/panels.ts'
import { findInPath } from '../prediction.tsx'
import { fragment } from '../request/page.tsx'
import { modelOf } from './drawn-workspace.tsx'

/** The form of the next turn of a conversation, for a page on which its answer has settled. */
export function nextTurnRoutes(deps: Deps, panels: Panels) {
  return new Hono().get('/p/:id/next-turn', async (c) => {
    const prediction = await findInPath(c, deps, 'see')
    if (!prediction) return c.notFound()
    const model = await modelOf(c, deps, prediction)
    const { schema, may } = await panels.props(c, prediction)
    const mayRun = may.rerun && model?.version.id === prediction.version
    return fragment(
      c,
      deps,
      <NextTurn {...{ prediction, schema, mayRun }} formKey={deps.newId()} />,
    )
  })
}
