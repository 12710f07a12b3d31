import { type Context, Hono } from 'hono'
import { GroupDeletionPage } from '../../../views/pages/group-deletion-page.tsx'
import { GroupPage, GroupShared } from '../../../views/pages/group-page.tsx'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { makerOf } from '../prediction.tsx'
import { auditEntry } from '../request/audit.ts'
import { fragment, isPartial, page } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { groupInPath } from './find-group.ts'
import type { GroupPanels } from './group-panels.tsx'

/** A deletion that ends within this is over when its answer arrives, in milliseconds. */
const deletionWaitMs = 1_000

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
      const shared = await panels.sharedOf(panel)
      // Its page asks for this alone once all have settled.
      if (isPartial(c)) return fragment(c, deps, <GroupShared shared={shared} once={null} />)
      const maker = await makerOf(c, deps, group)
      return page(c, deps, <GroupPage {...{ panel, shared, maker }} />)
    })
    .post('/g/:id/cancellation', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      await runner.groups.cancel(group.id)
      return c.redirect(shownOn(c, deps, group), 303)
    })
    .post('/g/:id/resumption', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      await runner.groups.resume(group.id)
      return c.redirect(shownOn(c, deps, group), 303)
    })
    .post('/g/:id/title', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      const title = titleIn(c.get('formFields').get('title') ?? '')
      if (title !== '') await store.renameGroup(group.id, title)
      return c.redirect(shownOn(c, deps, group), 303)
    })
    .get('/g/:id/deletion', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      const { progress } = await panels.props(c, group)
      return page(c, deps, <GroupDeletionPage {...{ group, progress }} />)
    })
    .post('/g/:id/deletion', async (c) => {
      const group = await groupInPath(c, deps, 'change')
      if (!group) return c.notFound()
      await deleteGroup(c, deps, group)
      return c.redirect(paths.predictions(), 303)
    })
}

/** The page on which a button of a group was pressed: its own, or that of its comparison. */
function shownOn(c: Context, { paths }: Deps, { id }: RunGroup): string {
  const compared = paths.comparedGroup(id)
  return pathBefore(c) === compared ? compared : paths.group(id)
}

/** Deletes a group with all of its predictions. */
async function deleteGroup(c: Context, deps: Deps, { id, createdBy, createdAt }: RunGroup) {
  await deps.runner.groups.cancel(id)
  const filter = { group: id, createdBy, createdAfter: createdAt - 1 }
  const removal = { id, filter, uploadsOf: null, createdAt: deps.now() }
  const entry = auditEntry(c, deps, 'data removed', `g/${id}`, { detail: 'a group of runs' })
  await deps.removals.begin(removal, entry, deletionWaitMs)
}

const longestTitle = 200

/** A title is one line. */
function titleIn(typed: string): string {
  return typed.replace(/\s+/g, ' ').trim().slice(0, longestTitle).toWellFormed()
}
