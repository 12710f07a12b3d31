import { modelName } from '../../src/domain/model-ref.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { formatTime } from '../format.tsx'
import { hx } from '../hx.ts'
import { usePaths } from '../site.ts'

export interface FavouriteButtonProps {
  readonly prediction: Pick<Prediction, 'id' | 'model' | 'createdAt'>
  readonly isFavourite: boolean
}

/**
 * A star that makes a prediction a favourite of the viewer, or no longer one. It differs between
 * viewers, so it stands outside of panels, which they share.
 */
export function FavouriteButton(props: FavouriteButtonProps) {
  return (
    <form method='post' action={usePaths().favourite(props.prediction.id)}>
      <StarButton {...props} />
    </form>
  )
}

/** The star alone, in a form with other purposes. */
export function StarButton({ prediction, isFavourite }: FavouriteButtonProps) {
  const { id, model, createdAt } = prediction
  const action = usePaths().favourite(id)
  return (
    <button
      class='button icon bare'
      type='submit'
      name='favourite'
      value={isFavourite ? 'no' : 'yes'}
      formmethod='post'
      formaction={action}
      aria-pressed={String(isFavourite)}
      aria-label={`Favourite: ${modelName(model)}, ${formatTime(createdAt)}`}
      {...hx({ post: action, target: 'this', swap: 'outerMorph', sync: 'this:drop' })}
    >
      {isFavourite ? '★' : '☆'}
    </button>
  )
}
