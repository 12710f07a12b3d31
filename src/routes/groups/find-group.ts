import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { type GroupAction, may } from '../../domain/policy.ts'
import { viewerOf } from '../request/viewer.ts'
import type { SeenGroup } from './group-values.ts'

/** The group in the path; null when there is none, or the viewer may not do this to it. */
export function groupInPath(c: Context, deps: Deps, action: GroupAction): Promise<RunGroup | null> {
  return findGroup(deps, viewerOf(c, deps), c.req.param('id') ?? '', action)
}

/** The group in the path at its own address; null when there is none for the viewer. */
export async function seenInPath(
  c: Context,
  deps: Deps,
  action: GroupAction = 'see',
  viewer: Viewer = viewerOf(c, deps),
): Promise<SeenGroup | null> {
  const group = await findGroup(deps, viewer, c.req.param('id') ?? '', action)
  return group && seenAs(deps, viewer, group)
}

/** A group at its own address. */
export function seenAs({ paths }: Pick<Deps, 'paths'>, viewer: Viewer, group: RunGroup): SeenGroup {
  return { group, viewer, paths, isShared: false }
}

export async function findGroup(
  { store }: Deps,
  viewer: Viewer,
  id: string,
  action: GroupAction,
): Promise<RunGroup | null> {
  const group = isId(id) ? await store.findGroup(id) : null
  return group && may(viewer, action, { group }) ? group : null
}
