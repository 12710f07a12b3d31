import { predictTime, queueTime } from '../../src/domain/prediction/durations.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { formatSeconds, plural } from '../format.ts'

/** How long a prediction took, and whether it was started more than once. */
export function Metrics({ prediction }: { prediction: Prediction }) {
  const waited = queueTime(prediction)
  const ran = predictTime(prediction)
  return (
    <div class='timing'>
      {waited !== null && ran !== null && <TimingBar waited={waited} ran={ran} />}
      <dl class='metrics'>
        {waited !== null && <Metric name='Waited' value={formatSeconds(waited)} />}
        {ran !== null && <Metric name='Ran' value={formatSeconds(ran)} />}
        {prediction.attempt > 1 && (
          <Metric name='Restarted' value={plural(prediction.attempt - 1, 'time')} />
        )}
      </dl>
    </div>
  )
}

/** Both in seconds. Of the time that it took, the part that it ran is filled. */
function TimingBar({ waited, ran }: { waited: number; ran: number }) {
  const begin = Math.round((1000 * waited) / Math.max(waited + ran, 0.001))
  return (
    <svg
      viewBox='0 0 1000 10'
      preserveAspectRatio='none'
      role='img'
      aria-label={`Waited ${formatSeconds(waited)}, ran ${formatSeconds(ran)}`}
    >
      <path class='ran' d={`M${begin} 0H1000v10H${begin}z`} />
    </svg>
  )
}

function Metric({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
