import { hasSucceeded } from '../../src/domain/prediction/prediction.ts'
import { ModelName, Moment } from '../format.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
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
    <>
      <h2 class='visually-hidden'>Newest first</h2>
      <ol class='sheet' aria-label='Predictions'>
        {predictions.map((prediction) => (
          <li class='model-card'>
            <Pick prediction={prediction} isFavourite={null} />
            {prediction.snippet !== null && pictureOf(prediction) === null ? (
              <div class='thumb'>
                <p dir='auto'>{prediction.snippet}</p>
              </div>
            ) : (
              <Thumb prediction={prediction} size={240} />
            )}
            <h3>
              <a href={paths.prediction(prediction.id)}>
                <ModelName model={prediction.model} />
              </a>
            </h3>
            <div class='facts'>
              <Moment at={prediction.createdAt} shows='time' />{' '}
              {!hasSucceeded(prediction) && <StatusWord prediction={prediction} />}{' '}
              <Took prediction={prediction} now={now} />{' '}
              <PrivateTag visibility={prediction.visibility} />
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}
