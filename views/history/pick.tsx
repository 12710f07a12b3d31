import { modelName } from '../../src/domain/model-ref.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { formatTime } from '../format.tsx'
import { StarButton } from '../panel/favourite-button.tsx'
import { usePaths } from '../site.ts'

interface PickProps {
  readonly prediction: PredictionSummary
  /** Null where there is no star. */
  readonly isFavourite: boolean | null
}

/** The checkbox that selects a prediction in a list, and its star. */
export function Pick({ prediction, isFavourite }: PickProps) {
  const { id, model, createdAt } = prediction
  const label = `Select ${modelName(model)}, ${formatTime(createdAt)}`
  return (
    <span class='pick'>
      <label class='check'>
        <input type='checkbox' name='id' value={id} aria-label={label} />
      </label>
      {isFavourite !== null && <StarButton {...{ prediction, isFavourite }} />}
    </span>
  )
}

/** The actions on the selected predictions. `public/app.css` shows it when one is selected. */
export function PickedBar() {
  const paths = usePaths()
  return (
    <div class='run-bar picked'>
      <div>
        <p>
          <b>With the selected:</b>
        </p>
        <button class='button' type='submit' formaction={paths.comparison()}>
          Compare
        </button>
        <button class='button' type='submit' formaction={paths.selectedFiles()}>
          Download
        </button>
        <button class='button bare' type='submit' formmethod='post' formaction={paths.favourites()}>
          Favourite
        </button>
        <button class='button bare' type='submit' formaction={paths.selectedDeletion()}>
          Delete
        </button>
      </div>
    </div>
  )
}
