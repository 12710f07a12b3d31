import type { Context } from 'hono'
import { GroupPanel, type GroupPanelProps } from '../../../views/group/group-panel.tsx'
import { GonePanel } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import { nobody } from '../../domain/people/viewer.ts'
import type { BufferedResponse } from '../panels/deferred-response.ts'
import { createHeldAnswers } from '../panels/held-answers.ts'
import { panelHeaders, panelSite } from '../panels/panel-renderer.tsx'
import { renderOn } from '../request/page.tsx'
import { opensModel } from '../request/rights.ts'
import { createGroupValues, type GroupView, type SeenGroup } from './group-values.ts'

/** Changes of a group within this are told together, in milliseconds. */
const togetherMs = 40

export type GroupPanels = ReturnType<typeof createGroupPanels>

/** Answers requests for the panels of groups, at once or when there is something new to show. */
export function createGroupPanels(deps: Deps) {
  const { config } = deps
  const { openState, propsOf, sharedOf } = createGroupValues(deps)
  const held = createHeldAnswers(deps, { openState, restMs: togetherMs })

  function viewOf(c: Context): GroupView {
    const from = c.req.query('from') ?? ''
    return {
      from: /^\d{1,8}$/.test(from) ? Number(from) : 0,
      count: c.req.query('n') === '1' ? '2' : '1',
      pollMs: config.pollMs,
    }
  }

  async function draw(seen: SeenGroup | null, view: GroupView): Promise<BufferedResponse> {
    const content = seen ? <GroupPanel {...(await propsOf(seen, view))} /> : <GonePanel />
    const { paths = deps.paths, viewer = nobody } = seen ?? {}
    const site = { ...panelSite(deps, paths), opensModel: opensModel(deps, viewer) }
    const html = await renderOn(site, content)
    const status = seen ? 200 : 404
    return { status, headers: panelHeaders, body: new TextEncoder().encode(html) }
  }

  return {
    /** The props of the panel on a whole page. */
    props: (c: Context, seen: SeenGroup): Promise<GroupPanelProps> => propsOf(seen, viewOf(c)),

    /** What its runs have in common; null where that is not shown. */
    sharedOf,

    /**
     * Sends the panel: at once, or, for a request that says what it has seen, once there is news. `seenNow`: the
     * group as its sender sees it when the panel is drawn; null when they do not any more.
     */
    async answer(
      c: Context,
      first: SeenGroup | null,
      seenNow: () => Promise<SeenGroup | null>,
    ): Promise<Response> {
      const view = viewOf(c)
      const seen = c.req.query('seen')
      if (seen === undefined || !first) {
        const panel = await draw(first, view)
        return new Response(panel.body, panel)
      }
      const { id } = first.group
      return held.answer(c, {
        id,
        seen,
        draw: async (pollMs) => draw(await seenNow(), { ...view, pollMs }),
      })
    },
  }
}
