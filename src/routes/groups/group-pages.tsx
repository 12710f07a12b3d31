import { Hono } from 'hono'
import { GroupPage } from '../../../views/pages/group-page.tsx'
import type { Deps } from '../../deps.ts'
import { makerOf } from '../prediction.tsx'
import { page } from '../request/page.tsx'
import { groupInPath } from './find-group.ts'
import type { GroupPanels } from './group-panels.tsx'

/** The panel. Watching browsers request it over and over, so it is routed before the middleware of pages. */
export function groupPanelRoutes(panels: GroupPanels) {
  return new Hono().get('/g/:id/panel', (c) => panels.answer(c))
}

/** The page of a group of runs, and its actions. */
export function groupRoutes(deps: Deps, panels: GroupPanels) {
  const { runner, store, paths } = deps
  return new Hono()
    .get('/g/:id', async (c) => {
      const group = await groupInPath(c, deps, 'see')
      if (!group) return c.notFound()
      const panel = await panels.props(c, group)
      return page(c, deps, <GroupPage panel={panel} maker={await makerOf(c, deps, group)} />)
    })
    .post('/g/:id/cancellation', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      await runner.groups.cancel(group.id)
      return c.redirect(paths.group(group.id), 303)
    })
    .post('/g/:id/resumption', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      await runner.groups.resume(group.id)
      return c.redirect(paths.group(group.id), 303)
    })
    .post('/g/:id/title', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      const title = titleIn(c.get('formFields').get('title') ?? '')
      if (title !== '') await store.renameGroup(group.id, title)
      return c.redirect(paths.group(group.id), 303)
    })
}

const longestTitle = 200

/** A title is one line. */
function titleIn(typed: string): string {
  return typed.replace(/\s+/g, ' ').trim().slice(0, longestTitle).toWellFormed()
}
