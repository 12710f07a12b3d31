import { type Context, Hono } from 'hono'
import { GroupPage } from '../../../views/pages/group-page.tsx'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import { makerOf } from '../prediction.tsx'
import { page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { shareBox } from '../shares/links.ts'
import { groupInPath, seenAs } from './find-group.ts'
import type { GroupPanels } from './group-panels.tsx'

/** The most runs of one press, besides all of a group. */
const mostPlaces = 100

/** A cancel is answered when the runs have ended, or after this, in milliseconds. */
const cancelWaitMs = 300

/** Running some of a group again, and canceling some. */
export function cellActionRoutes(deps: Deps, panels: GroupPanels) {
  const { runner, paths } = deps
  return new Hono().post('/g/:id/runs', async (c) => {
    const group = await groupInPath(c, deps, 'change')
    if (!group) return c.notFound()
    const fields = c.get('formFields')
    const again = fields.get('again')
    await cancelAt(c, deps, group, placesIn(fields.get('cancel') ?? ''))
    const problems =
      again === undefined
        ? []
        : await runner.groups.again(group, again === 'all' ? null : placesIn(again))
    if (problems.length === 0) return c.redirect(pageOf(c), 303)
    const panel = await panels.props(c, seenAs(deps, viewerOf(c, deps), group))
    const links = await shareBox(c, deps, { kind: 'group', id: group.id }, panel.may.share)
    const shown = { panel, shared: await panels.sharedOf(panel), problems, links }
    return page(c, deps, <GroupPage {...shown} maker={await makerOf(c, deps, group)} />, 422)
  })

  /** The page of the group from which this came: its table begins with this place. */
  function pageOf(c: Context): string {
    const from = c.get('formFields').get('from') ?? ''
    const here = paths.group(c.req.param('id') ?? '')
    return /^[1-9]\d{0,7}$/.test(from) ? `${here}?from=${from}` : here
  }
}

async function cancelAt(c: Context, deps: Deps, { id }: RunGroup, places: readonly number[]) {
  const viewer = viewerOf(c, deps)
  const canceled: Promise<unknown>[] = []
  for (const place of places) {
    const [run] = await deps.store.membersOf(id, { from: place, limit: 1 })
    if (run?.group.place !== place || isSettled(run)) continue
    if (!mayWith(deps, viewer, 'cancel', run)) continue
    deps.runner.cancel(run.id).catch((error) => deps.log.error({ error }, 'A cancel failed'))
    canceled.push(deps.runner.settledWithin(run.id, cancelWaitMs))
  }
  await Promise.all(canceled)
}

/** Places, with spaces between them. */
function placesIn(text: string): readonly number[] {
  const places = text
    .slice(0, mostPlaces * 10)
    .split(' ')
    .slice(0, mostPlaces)
  return [...new Set(places.filter((place) => /^\d{1,8}$/.test(place)).map(Number))]
}
