import { hx } from '../hx.ts'
import { usePaths } from '../site.ts'

export interface FavouriteButtonProps {
  /** Id of the prediction. */
  readonly id: string
  readonly isFavourite: boolean
}

/**
 * A star that makes a prediction a favourite of the viewer, or no longer one. It differs between
 * viewers, so it stands outside of panels, which they share.
 */
export function FavouriteButton({ id, isFavourite }: FavouriteButtonProps) {
  const action = usePaths().favourite(id)
  return (
    <form
      method='post'
      action={action}
      {...hx({ post: action, target: 'this', swap: 'outerMorph', sync: 'this:drop' })}
    >
      <button
        class='button icon bare'
        type='submit'
        name='favourite'
        value={isFavourite ? 'no' : 'yes'}
        aria-pressed={String(isFavourite)}
        aria-label='Favourite'
      >
        {isFavourite ? '★' : '☆'}
      </button>
    </form>
  )
}
