import type { Context } from 'hono'
import type { ViewerActionsProps } from '../../../views/panel/viewer-actions.tsx'
import type { Deps } from '../../deps.ts'
import { mayOperate } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { coverIn } from '../files/cover-file.ts'
import { isFavourite } from '../history/favourites.tsx'
import { viewerOf } from '../request/viewer.ts'

export async function viewerActions(
  c: Context,
  deps: Deps,
  prediction: Prediction,
): Promise<ViewerActionsProps> {
  return {
    prediction,
    isFavourite: await isFavourite(c, deps, prediction.id),
    mayCover: mayOperate(viewerOf(c, deps)) && coverIn(prediction) !== null,
  }
}
