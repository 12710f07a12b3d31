import { ranMs } from '../../src/domain/prediction/durations.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { formatClock, formatMs } from '../format.tsx'

interface TookProps {
  readonly prediction: PredictionSummary
  /** The current time; null where no clock runs. */
  readonly now: number | null
}

/** How long a prediction ran; while it does not end, the time since it was created. */
export function Took({ prediction, now }: TookProps) {
  const ran = ranMs(prediction)
  if (isSettled(prediction) || now === null)
    return <span class='took'>{ran === null ? '' : formatMs(ran)}</span>
  const elapsed = Math.max(0, now - prediction.createdAt) / 1000
  return (
    <span class='took' data-elapsed={elapsed.toFixed(1)}>
      {formatClock(elapsed)}
    </span>
  )
}
