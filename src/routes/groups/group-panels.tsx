import type { Context } from 'hono'
import { GroupPanel, type GroupPanelProps } from '../../../views/group/group-panel.tsx'
import { GonePanel } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import type { BufferedResponse } from '../panels/deferred-response.ts'
import { createHeldAnswers } from '../panels/held-answers.ts'
import { panelHeaders, panelSite } from '../panels/panel-renderer.tsx'
import { renderOn } from '../request/page.tsx'
import { viewerNow } from '../request/sender.ts'
import { viewerOf } from '../request/viewer.ts'
import { findGroup } from './find-group.ts'
import { createGroupValues, type GroupView } from './group-values.ts'

/** Changes of a group within this are told together, in milliseconds. */
const togetherMs = 40

export type GroupPanels = ReturnType<typeof createGroupPanels>

/** Answers requests for the panels of groups, at once or when there is something new to show. */
export function createGroupPanels(deps: Deps) {
  const { config } = deps
  const { openState, propsOf, sharedOf } = createGroupValues(deps)
  const held = createHeldAnswers(deps, { openState, restMs: togetherMs })

  function viewOf(c: Context): Omit<GroupView, 'viewer'> {
    const from = c.req.query('from') ?? ''
    return {
      from: /^\d{1,8}$/.test(from) ? Number(from) : 0,
      count: c.req.query('n') === '1' ? '2' : '1',
      pollMs: config.pollMs,
    }
  }

  async function draw(group: RunGroup | null, view: GroupView): Promise<BufferedResponse> {
    const content = group ? <GroupPanel {...(await propsOf(group, view))} /> : <GonePanel />
    const html = await renderOn(panelSite(deps, deps.paths), content)
    const status = group ? 200 : 404
    return { status, headers: panelHeaders, body: new TextEncoder().encode(html) }
  }

  return {
    /** The props of the panel on a whole page. */
    props: (c: Context, group: RunGroup): Promise<GroupPanelProps> =>
      propsOf(group, { ...viewOf(c), viewer: viewerOf(c, deps) }),

    /** What its runs have in common; null where that is not shown. */
    sharedOf,

    /** Sends the panel: at once, or, for a request that says what it has seen, once there is news. */
    async answer(c: Context): Promise<Response> {
      const view = viewOf(c)
      const id = c.req.param('id') ?? ''
      const seen = c.req.query('seen')
      const viewer = viewerOf(c, deps)
      const group = await findGroup(deps, viewer, id, 'see')
      if (seen === undefined || !group) {
        const panel = await draw(group, { ...view, viewer })
        return new Response(panel.body, panel)
      }
      return held.answer(c, {
        id,
        seen,
        async draw(pollMs) {
          const viewer = await viewerNow(c, deps)
          return draw(await findGroup(deps, viewer, id, 'see'), { ...view, viewer, pollMs })
        },
      })
    },
  }
}
