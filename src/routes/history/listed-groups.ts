import { type ListedGroup, mostPictures } from '../../../views/history/group-row.tsx'
import { pictureOf } from '../../../views/history/thumb.tsx'
import type { Deps } from '../../deps.ts'
import { noRuns, type RunGroup } from '../../domain/group/group.ts'
import { progressOf } from '../../domain/group/progress.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { mayWith } from '../request/rights.ts'

/** The groups that some of the predictions stand for in a list, by the ids of these predictions. */
export async function listedGroups(
  deps: Deps,
  viewer: Viewer,
  predictions: readonly PredictionSummary[],
): Promise<ReadonlyMap<string, ListedGroup>> {
  const { store, runner } = deps
  const standing = predictions.filter(({ group }) => group?.isListed)
  const ids = standing.flatMap(({ group }) => group?.id ?? [])
  const [groups, counts] = [await store.groupsAmong(ids), await store.countsOf(ids)]
  const listed = new Map<string, ListedGroup>()
  for (const { id, group: place } of standing) {
    const group = groups.get(place?.id ?? '')
    if (!group || !may(viewer, 'see', { group })) continue
    const models = group.models.filter((ref) =>
      may(viewer, 'see', { model: runner.modelSubject(ref) }),
    )
    listed.set(id, {
      group: { ...group, models },
      progress: progressOf(group, counts.get(group.id) ?? noRuns),
      pictures: await picturesOf(deps, viewer, group),
    })
  }
  return listed
}

async function picturesOf(deps: Deps, viewer: Viewer, { id }: RunGroup) {
  const members = await deps.store.membersOf(id, { from: 0, limit: mostPictures })
  const seen = members.filter((one) => mayWith(deps, viewer, 'see', one))
  return seen.flatMap((one) => pictureOf(one) ?? [])
}
