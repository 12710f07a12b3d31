import { ranMs } from '../../src/domain/prediction/durations.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { formatMs, ModelName, Moment } from '../format.tsx'
import { usePaths } from '../site.ts'

/** A prediction in a list: its picture, model, inputs, status and run time. */
export function PredictionListItem({ prediction }: { prediction: PredictionSummary }) {
  const paths = usePaths()
  const { id, model, status, createdAt } = prediction
  const ran = ranMs(prediction)
  return (
    <li>
      <span class='thumb'>
        <Thumbnail prediction={prediction} />
      </span>{' '}
      <a href={paths.prediction(id)}>
        <ModelName model={model} />
      </a>{' '}
      <Moment at={createdAt} shows='time' /> <p dir='auto'>{prediction.summary}</p>{' '}
      <span class='status' data-status={status}>
        {status[0]?.toUpperCase()}
        {status.slice(1)}
      </span>{' '}
      <span class='took'>{ran === null ? '' : formatMs(ran)}</span>
    </li>
  )
}

function Thumbnail({ prediction }: { prediction: PredictionSummary }) {
  const paths = usePaths()
  const picture = prediction.made.find(({ type }) => type.startsWith('image/'))
  if (picture) return <img src={paths.file(picture)} alt='' width='96' height='96' loading='lazy' />
  return <>{prediction.erred ? '×' : '¶'}</>
}
