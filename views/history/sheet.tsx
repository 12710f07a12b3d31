import { hasSucceeded } from '../../src/domain/prediction/prediction.ts'
import { ModelName, Moment } from '../format.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'
import type { ListedPredictions } from './history-list.tsx'
import { Pick } from './pick.tsx'
import { pictureOf, Thumb } from './thumb.tsx'
import { Took } from './took.tsx'

/** Predictions as pictures; those that made none show the beginning of their text. */
export function Sheet({ predictions, now }: ListedPredictions) {
  const paths = usePaths()
  return (
    <ol class='sheet' aria-label='Predictions'>
      {predictions.map((prediction) => (
        <li class='model-card'>
          <Pick prediction={prediction} isFavourite={null} />
          {prediction.snippet !== null && pictureOf(prediction) === null ? (
            <span class='thumb'>
              <q dir='auto'>{prediction.snippet}</q>
            </span>
          ) : (
            <Thumb prediction={prediction} size={240} />
          )}
          <h2>
            <a href={paths.prediction(prediction.id)}>
              <ModelName model={prediction.model} />
            </a>
          </h2>
          <div class='facts'>
            <Moment at={prediction.createdAt} shows='time' />{' '}
            {!hasSucceeded(prediction) && <StatusWord prediction={prediction} />}{' '}
            <Took prediction={prediction} now={now} />
          </div>
        </li>
      ))}
    </ol>
  )
}
