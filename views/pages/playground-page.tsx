import { hasErrors } from '../../src/domain/form/form.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { PredictionForm, type PredictionFormProps } from '../form/prediction-form.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model/model-health.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { ResultPane } from '../panel/prediction-panel.tsx'

export interface PlaygroundPageProps
  extends Omit<PredictionFormProps, 'model' | 'version' | 'hasExample'> {
  readonly model: Model
  readonly health: ShownHealth
  /** The query that the form was opened with. */
  readonly query?: string | undefined
}

/** The page of a model: its form, and the pane for the result. */
export function PlaygroundPage({ model, health, query, ...form }: PlaygroundPageProps) {
  const name = modelName(model.ref)
  const failed = hasErrors(form.form) || form.problem !== undefined
  return (
    <Layout title={failed ? `Error: ${name}` : name}>
      <ModelHead model={model} warmth={form.warmth} />
      {model.broken === null && <ModelHealthNote {...health} />}
      <ModelTabs model={model} current='playground' query={query} />
      <div class='workbench'>
        <div class='bench'>
          {model.broken === null ? (
            <PredictionForm
              {...form}
              model={model.ref}
              version={model.version.id}
              hasExample={model.examples.length > 0}
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
          <ResultPane>
            <header class='pane-head'>
              <h2>Output</h2>
            </header>
            <div class='empty'>
              <Pit />
              <h2>No output yet</h2>
              <p>
                Output appears here as the model runs. You can leave this page: the prediction keeps
                running and has its own link.
              </p>
            </div>
          </ResultPane>
        </div>
      </div>
    </Layout>
  )
}
