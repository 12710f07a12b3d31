import { type Context, Hono } from 'hono'
import { GroupDeletionPage } from '../../../views/pages/group-deletion-page.tsx'
import { GroupPage, GroupShared } from '../../../views/pages/group-page.tsx'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { makerOf } from '../prediction.tsx'
import { auditEntry } from '../request/audit.ts'
import { fragment, isPartial, page } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { viewerNow } from '../request/sender.ts'
import { shareBox } from '../shares/links.ts'
import { groupInPath, seenInPath } from './find-group.ts'
import type { GroupPanels } from './group-panels.tsx'

/** A deletion that ends within this is over when its answer arrives, in milliseconds. */
const deletionWaitMs = 1_000

/** The panel. Watching browsers request it over and over, so it is routed before the middleware of pages. */
export function groupPanelRoutes(deps: Deps, panels: GroupPanels) {
  return new Hono().get('/g/:id/panel', async (c) =>
    panels.answer(c, await seenInPath(c, deps), async () =>
      seenInPath(c, deps, 'see', await viewerNow(c, deps)),
    ),
  )
}

/** The page of a group of runs, and its actions. */
export function groupRoutes(deps: Deps, panels: GroupPanels) {
  const { runner, store, paths } = deps
  return new Hono()
    .get('/g/:id', async (c) => {
      const seen = await seenInPath(c, deps)
      if (!seen) return c.notFound()
      const panel = await panels.props(c, seen)
      const shared = await panels.sharedOf(panel)
      // Its page asks for this alone once all have settled.
      if (isPartial(c))
        return fragment(c, deps, <GroupShared {...{ shared, may: panel.may }} once={null} />)
      const maker = await makerOf(c, deps, seen.group)
      const links = await shareBox(c, deps, { kind: 'group', id: seen.group.id }, panel.may.share)
      return page(c, deps, <GroupPage {...{ panel, shared, maker, links }} />)
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
      const seen = await seenInPath(c, deps, 'change')
      if (!seen) return c.notFound()
      const { progress } = await panels.props(c, seen)
      return page(c, deps, <GroupDeletionPage group={seen.group} progress={progress} />)
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

/** Deletes a group with all of its predictions. Resolves when that has ended, or after a while: it then goes on. */
export async function deleteGroup(c: Context, deps: Deps, { id, createdBy, createdAt }: RunGroup) {
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
