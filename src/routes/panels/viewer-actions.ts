import type { Context } from 'hono'
import type { ViewerActionsProps } from '../../../views/panel/viewer-actions.tsx'
import type { Deps } from '../../deps.ts'
import { may } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { coverIn } from '../files/cover-file.ts'
import { isFavourite } from '../history/favourites.tsx'
import { choosesVisibility, mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { linksOf } from '../shares/links.ts'

export async function viewerActions(
  c: Context,
  deps: Deps,
  prediction: Prediction,
): Promise<ViewerActionsProps> {
  const viewer = viewerOf(c, deps)
  const mayShare = mayWith(deps, viewer, 'share', prediction)
  const model = deps.runner.modelSubject(prediction.model)
  return {
    prediction,
    isFavourite: await isFavourite(c, deps, prediction.id),
    mayCover:
      may(viewer, 'change', { model }) &&
      mayWith(deps, viewer, 'show as cover', prediction) &&
      coverIn(prediction) !== null,
    mayShow:
      choosesVisibility(deps, viewer) && mayWith(deps, viewer, 'change visibility', prediction),
    links: mayShare ? await linksTo(deps, prediction) : 0,
  }
}

/** How many links show a prediction: its own, and those of its group. */
async function linksTo(deps: Deps, { id, group }: Prediction): Promise<number> {
  const own = await linksOf(deps, { kind: 'prediction', id }, '')
  const ofGroup = group ? await linksOf(deps, { kind: 'group', id: group.id }, '') : []
  return own.length + ofGroup.length
}
