import { QuotaUsed } from '../form/quota-used.tsx'
import { ApiTabOfRun } from '../model/model-tabs.tsx'
import { FormKey, type PredictionPanelProps, ResultPane } from '../panel/prediction-panel.tsx'
import type { ViewerActionsProps } from '../panel/viewer-actions.tsx'
import { usePaths } from '../site.ts'
import { Beside } from './beside.tsx'
import { LastRuns, type LastRunsProps } from './last-runs.tsx'
import { InputsChanged, Turn } from './result.tsx'
import type { EarlierTurn } from './thread.tsx'

interface RunAnswerProps extends PredictionPanelProps {
  readonly lastRuns: LastRunsProps
  readonly actions: ViewerActionsProps
  /** See `usedText`. */
  readonly quota: string
  /** The form’s next key. */
  readonly formKey: string
  readonly earlier: readonly EarlierTurn[]
}

/**
 * The response to Run for scripts: the pane with the panel, and the parts of the page that depend on it. Each
 * replaces the element with its id (`public/run-answer.js`).
 */
export function RunAnswer(props: RunAnswerProps) {
  const { formKey, earlier, quota, lastRuns, actions, ...panel } = props
  const { id, model } = panel.prediction
  const here = usePaths().workspace(model, id)
  return (
    <>
      <ResultPane>
        <InputsChanged />
        <Turn {...{ panel, actions, formKey, earlier }} here={here} mayRun={panel.may.rerun} />
      </ResultPane>
      <FormKey value={formKey} />
      {quota !== '' && <QuotaUsed text={quota} />}
      <Beside id={id} />
      <LastRuns {...lastRuns} />
      <ApiTabOfRun model={model} id={id} />
    </>
  )
}
