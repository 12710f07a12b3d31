import { endSentence, lacksAnswer } from '../../src/domain/model/chat/end-sentence.ts'
import type { Output } from '../../src/domain/output/output.ts'
import { hasFailed, isSettled } from '../../src/domain/prediction/prediction.ts'
import { dayMs } from '../../src/domain/prediction/retention.ts'
import { tokenFigures } from '../../src/domain/prediction/token-figures.ts'
import { Moment, plural } from '../format.tsx'
import { OutputView } from '../outputs/index.tsx'
import { Logs } from '../outputs/logs.tsx'
import { LargeNote } from '../outputs/parts/output-actions.tsx'
import type { PredictionPanelProps } from './prediction-panel.tsx'
import { Metrics, PredictionActions } from './prediction-status.tsx'
import { SubRunList } from './sub-runs.tsx'

/** The output of a prediction, its actions, metrics and logs. The reasoning of a chat model comes before its answer. */
export function Preview(props: PredictionPanelProps & { readonly output: Output }) {
  const { prediction, output, schema } = props
  const settled = isSettled(prediction)
  const end = endSentence(prediction, schema)
  const { reasoning } = tokenFigures(prediction.metrics)
  const hasLogs = prediction.logs !== ''
  // The logs of a failure are more than reasoning: they end with what its server said.
  const isReasoning = reasoning !== null && !hasFailed(prediction)
  return (
    <>
      {hasLogs && isReasoning && <Logs {...{ prediction, reasoning }} />}
      {prediction.dataRemovedAt !== null ? (
        <DataRemoved {...prediction} at={prediction.dataRemovedAt} />
      ) : (
        !lacksAnswer(prediction, schema) && (
          <OutputView output={output} prediction={prediction.id} />
        )
      )}
      {end !== null && <p class='field-note'>{end}</p>}
      {prediction.excerpt && <LargeNote prediction={prediction} excerpt={prediction.excerpt} />}
      {props.subRuns.length > 0 && <SubRunList runs={props.subRuns} />}
      {settled && <PredictionActions {...props} />}
      {settled && <Metrics prediction={prediction} />}
      {hasLogs && !isReasoning && <Logs prediction={prediction} />}
    </>
  )
}

/** Stands for what was kept long enough. */
function DataRemoved({ createdAt, at }: { readonly createdAt: number; readonly at: number }) {
  const days = Math.floor((at - createdAt) / dayMs)
  return (
    <p class='notice'>
      <span>
        Inputs, outputs and logs were removed on <Moment at={at} shows='day' /> after{' '}
        {plural(days, 'day')}.
      </span>
    </p>
  )
}
