import { hasSucceeded } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { ModelName, Moment } from '../format.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'
import { GroupPick, GroupStatus, groupName, type ListedGroup } from './group-row.tsx'
import type { ListedPredictions } from './history-list.tsx'
import { Pick } from './pick.tsx'
import { pictureOf, Thumb } from './thumb.tsx'
import { Took } from './took.tsx'

/** Predictions as pictures; those that made none show the beginning of their text. */
export function Sheet({ predictions, groups, now }: ListedPredictions) {
  return (
    <>
      <h2 class='visually-hidden'>Newest first</h2>
      <ol class='sheet' aria-label='Predictions'>
        {predictions.map((prediction) => (
          <Card prediction={prediction} listed={groups.get(prediction.id)} now={now} />
        ))}
      </ol>
    </>
  )
}

interface CardProps extends Pick<ListedPredictions, 'now'> {
  readonly prediction: PredictionSummary
  /** The group of runs that it stands for. */
  readonly listed: ListedGroup | undefined
}

function Card({ prediction, listed, now }: CardProps) {
  const paths = usePaths()
  const { id, model, snippet, createdAt, visibility } = prediction
  return (
    <li class='model-card'>
      {listed ? (
        <GroupPick group={listed.group} />
      ) : (
        <Pick prediction={prediction} isFavourite={null} />
      )}
      {snippet !== null && pictureOf(prediction) === null ? (
        <div class='thumb'>
          <p dir='auto'>{snippet}</p>
        </div>
      ) : (
        <Thumb prediction={prediction} size={240} />
      )}
      <h3>
        {listed ? (
          <a href={paths.group(listed.group.id)}>{groupName(listed.group)}</a>
        ) : (
          <a href={paths.prediction(id)}>
            <ModelName model={model} />
          </a>
        )}
      </h3>
      <div class='facts'>
        <Moment at={createdAt} shows='time' />{' '}
        {listed ? (
          <GroupStatus listed={listed} />
        ) : (
          <>
            {!hasSucceeded(prediction) && <StatusWord prediction={prediction} />}{' '}
            <Took prediction={prediction} now={now} />
          </>
        )}{' '}
        <PrivateTag visibility={visibility} />
      </div>
    </li>
  )
}
