import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { type GroupAction, may } from '../../domain/policy.ts'
import { viewerOf } from '../request/viewer.ts'

/** The group in the path; null when there is none, or the viewer may not do this to it. */
export function groupInPath(c: Context, deps: Deps, action: GroupAction): Promise<RunGroup | null> {
  return findGroup(deps, viewerOf(c, deps), c.req.param('id') ?? '', action)
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
