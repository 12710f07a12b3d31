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
  /** How many share links show it, alone or with its group. They end when it becomes private. */
  readonly links: number
}

/** Actions that depend on the viewer. They stand below the panel, which viewers share. */
export function ViewerActions(props: ViewerActionsProps) {
  const { prediction, isFavourite, mayCover, mayShow, links } = props
  return (
    <div class='actions'>
      <FavouriteButton prediction={prediction} isFavourite={isFavourite} />
      <a class='button bare' href={usePaths().differenceFromBefore(prediction.id)}>
        What differs from the run before
      </a>
      {mayCover && (
        <form method='post' action={usePaths().cover(prediction.id)}>
          <button class='button bare' type='submit'>
            Use as cover
          </button>
        </form>
      )}
      {mayShow && <VisibilityButton prediction={prediction} links={links} />}
    </div>
  )
}

function VisibilityButton({ prediction, links }: Pick<ViewerActionsProps, 'prediction' | 'links'>) {
  const next = prediction.visibility === 'private' ? 'public' : 'private'
  return (
    <form method='post' action={usePaths().visibility(prediction.id)}>
      <button class='button bare' type='submit' name='visibility' value={next}>
        Make {next}
      </button>
      {next === 'private' && links > 0 && (
        <span class='field-note'>
          Making it private ends its {links === 1 ? 'link' : `${links} links`}.
        </span>
      )}
    </form>
  )
}
