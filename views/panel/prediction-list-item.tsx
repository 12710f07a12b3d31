import type { Child } from 'hono/jsx'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { capitalized, ModelName, Moment } from '../format.tsx'
import { Thumb } from '../history/thumb.tsx'
import { Took } from '../history/took.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
import { usePaths } from '../site.ts'

interface PredictionListItemProps {
  readonly prediction: PredictionSummary
  /** The current time, for the clocks of running predictions; none when left out. */
  readonly now?: number
  /** Before the picture. */
  readonly pick?: Child
  /** Below the row. */
  readonly under?: Child
}

/** A prediction in a list: its picture, model, inputs, status and run time. */
export function PredictionListItem({ prediction, now, pick, under }: PredictionListItemProps) {
  const { id, model, createdAt } = prediction
  return (
    <li>
      {pick}
      <Thumb prediction={prediction} size={96} />{' '}
      <a href={usePaths().prediction(id)}>
        <ModelName model={model} />
      </a>{' '}
      <Moment at={createdAt} shows='time' />{' '}
      <p dir='auto'>
        <PrivateTag visibility={prediction.visibility} /> {prediction.summary}
      </p>{' '}
      <StatusWord prediction={prediction} /> <Took prediction={prediction} now={now ?? null} />
      {under}
    </li>
  )
}

export function StatusWord({
  prediction: { status },
}: {
  prediction: Pick<PredictionSummary, 'status'>
}) {
  return (
    <span class='status' data-status={status}>
      {capitalized(status)}
    </span>
  )
}
