import type { Context } from 'hono'
import { GroupShared, SharedGroupPage } from '../../../views/pages/group-page.tsx'
import type { Deps } from '../../deps.ts'
import { sendFile } from '../files/content.ts'
import { asksForJson, sendGroupJson } from '../groups/group-json.ts'
import type { GroupPanels } from '../groups/group-panels.tsx'
import type { SeenGroup } from '../groups/group-values.ts'
import { fragment, isPartial, originOf, page } from '../request/page.tsx'
import type { FoundShare, OpenGroup } from './share-in-path.ts'

/** The panel of a shared group; while it is held, its link may end. */
export function answerSharedGroup(
  c: Context,
  panels: GroupPanels,
  found: OpenGroup,
  findNow: () => Promise<FoundShare>,
): Promise<Response> {
  return panels.answer(c, seenBy(found), async () => {
    const now = await findNow()
    return now.is === 'open group' ? seenBy(now) : null
  })
}

/** The page of a shared group, its JSON for programs, or the part of it that is asked for once all runs have settled. */
export async function sendSharedGroup(
  c: Context,
  deps: Deps,
  panels: GroupPanels,
  found: OpenGroup,
) {
  if (asksForJson(c)) return sendGroupJson(c, deps, seenBy(found))
  const { group, paths } = found
  const panel = await panels.props(c, seenBy(found))
  const shared = await panels.sharedOf(panel)
  const site = { ...deps, paths }
  if (isPartial(c))
    return fragment(c, site, <GroupShared {...{ shared, may: panel.may }} once={null} />)
  const address = originOf(c, deps) + paths.group(group.id)
  return page(c, site, <SharedGroupPage {...{ panel, shared, address }} />)
}

/** A file of one of the runs of a shared group. */
export async function sendGroupFile(c: Context, deps: Deps, { group }: OpenGroup) {
  const found = await deps.store.findFile(c.req.param('ref') ?? '')
  return found && found.group === group.id ? sendFile(c, deps.files, found.file) : c.notFound()
}

function seenBy({ group, viewer, paths }: OpenGroup): SeenGroup {
  return { group, viewer, paths, isShared: true }
}
