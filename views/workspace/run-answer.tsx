import { ApiTabOfRun } from '../model/model-tabs.tsx'
import {
  FormKey,
  type PredictionPanelProps,
  ResultPane,
  WatchedPanel,
} from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { Beside } from './beside.tsx'
import { LastRuns, type LastRunsProps } from './last-runs.tsx'
import { InputsChanged } from './result.tsx'

interface RunAnswerProps extends PredictionPanelProps {
  readonly lastRuns: LastRunsProps
  /** The form’s next key. */
  readonly formKey: string
}

/** The response to Run for htmx: the pane with the panel, and the parts of the page that depend on it. */
export function RunAnswer({ formKey, lastRuns, ...panel }: RunAnswerProps) {
  const { id, model } = panel.prediction
  return (
    <>
      <ResultPane>
        <InputsChanged />
        <WatchedPanel {...panel} here={usePaths().workspace(model, id)} />
      </ResultPane>
      <FormKey value={formKey} replaces />
      <Beside id={id} replaces />
      <LastRuns {...lastRuns} replaces />
      <ApiTabOfRun model={model} id={id} />
    </>
  )
}
