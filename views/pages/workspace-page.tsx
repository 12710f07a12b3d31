import { hasErrors } from '../../src/domain/form/form.ts'
import type { ModelScore } from '../../src/domain/judgement/judgement.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { seedOf } from '../../src/domain/prediction/seed.ts'
import { hasSecrets } from '../../src/domain/schema/secrets.ts'
import { PredictionForm, type PredictionFormProps } from '../form/prediction-form.tsx'
import { ScoreFact } from '../judgement/score-fact.tsx'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model/model-health.tsx'
import { ModelMeta } from '../model/model-meta.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { Refresh, stateMark } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { besideExample } from '../workspace/beside.tsx'
import { Result, type ShownResult } from '../workspace/result.tsx'
import { hasThread } from '../workspace/thread.tsx'

export interface WorkspacePageProps
  extends Omit<
    PredictionFormProps,
    'model' | 'version' | 'hasExample' | 'hasSecrets' | 'beside' | 'seed'
  > {
  readonly model: Model
  readonly health: ShownHealth
  readonly result: ShownResult
  /** How the model was judged; null for those who are not told. */
  readonly score: ModelScore | null
  /** The query that the form was opened with. */
  readonly query?: string | undefined
  /** Without links to the other pages of the model. */
  readonly isAlone?: boolean
}

/** The page of a model: its form, and the pane for the result. */
export function WorkspacePage(props: WorkspacePageProps) {
  const { model, health, query, result, score, isAlone = false, ...form } = props
  const prediction = result.kind === 'prediction' ? result.panel.prediction : null
  // A conversation comes before the settings of its next answer.
  const isThread = result.kind === 'prediction' && hasThread(result.panel)
  return (
    <Layout title={titleOf(model, form, prediction)} head={<Head model={model} result={result} />}>
      <ModelHead model={model} warmth={form.warmth}>
        <ScoreFact model={model.ref} score={score} />
      </ModelHead>
      {model.broken === null && <ModelHealthNote {...health} />}
      {!isAlone && <ModelTabs model={model} current='playground' query={query} />}
      <div class='workbench'>
        <div class='bench'>
          {isThread && <Result model={model} result={result} />}
          {model.broken === null ? (
            <PredictionForm
              {...form}
              model={model.ref}
              version={model.version.id}
              isPinned={model.isEarlier === true}
              hasExample={model.examples.length > 0 || model.defaultExample !== null}
              hasSecrets={hasSecrets(model.version.schema.secrets)}
              beside={besideOf(result)}
              seed={prediction && seedOf(prediction)}
            />
          ) : (
            <section class='inputs'>
              <header class='pane-head'>
                <h2>Input</h2>
              </header>
              <div class='failure'>
                <h2>This model cannot run</h2>
                <p>{model.broken}</p>
              </div>
            </section>
          )}
          {!isThread && <Result model={model} result={result} />}
        </div>
      </div>
    </Layout>
  )
}

/** The result as its form names it. */
function besideOf(result: ShownResult): string {
  if (result.kind === 'prediction') return result.panel.prediction.id
  return result.kind === 'brought' || result.kind === 'example' ? besideExample : ''
}

function titleOf(
  { ref }: Model,
  { form, problem, occasion }: Pick<PredictionFormProps, 'form' | 'problem' | 'occasion'>,
  prediction: Prediction | null,
): string {
  const isRefused = problem !== undefined && occasion !== 'resumed'
  if (hasErrors(form) || isRefused) return `Error: ${modelName(ref)}`
  return prediction ? `${stateMark(prediction)} ${modelName(ref)}` : modelName(ref)
}

function Head({ model, result }: { model: Model; result: ShownResult }) {
  return (
    <>
      <ModelMeta model={model} />
      <RefreshOf result={result} />
    </>
  )
}

/** Reloads the page of an unsettled prediction in browsers without scripts. */
function RefreshOf({ result }: { result: ShownResult }) {
  const paths = usePaths()
  if (result.kind !== 'prediction' || isSettled(result.panel.prediction)) return null
  const { model, id } = result.panel.prediction
  return <Refresh here={paths.workspace(model, id)} seconds={result.refreshSeconds} />
}
