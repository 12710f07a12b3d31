import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { usePaths } from '../site.ts'
import { FavouriteButton } from './favourite-button.tsx'

export interface ViewerActionsProps {
  readonly prediction: Prediction
  readonly isFavourite: boolean
  /** Whether the viewer may make its picture the cover of its model. */
  readonly mayCover: boolean
  /** Whether to offer to make it private, or public. */
  readonly mayShow: boolean
}

/** Actions that depend on the viewer. They stand below the panel, which viewers share. */
export function ViewerActions({ prediction, isFavourite, mayCover, mayShow }: ViewerActionsProps) {
  return (
    <div class='actions'>
      <FavouriteButton prediction={prediction} isFavourite={isFavourite} />
      {mayCover && (
        <form method='post' action={usePaths().cover(prediction.id)}>
          <button class='button bare' type='submit'>
            Use as cover
          </button>
        </form>
      )}
      {mayShow && <VisibilityButton prediction={prediction} />}
    </div>
  )
}

function VisibilityButton({ prediction }: Pick<ViewerActionsProps, 'prediction'>) {
  const next = prediction.visibility === 'private' ? 'public' : 'private'
  return (
    <form method='post' action={usePaths().visibility(prediction.id)}>
      <button class='button bare' type='submit' name='visibility' value={next}>
        Make {next}
      </button>
    </form>
  )
}
