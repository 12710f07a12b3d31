import { examplePrediction } from '../../src/domain/model/example-output.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { ranMs } from '../../src/domain/prediction/durations.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { examplePaths } from '../../src/paths.ts'
import { formatMs } from '../format.tsx'
import { OutputView } from '../outputs/index.tsx'
import { LargeNote } from '../outputs/parts/output-actions.tsx'
import { ResultPane } from '../panel/prediction-panel.tsx'
import { SiteContext, usePaths, useSite } from '../site.ts'

/** The output of a model’s example, which it brings. */
export function BroughtExample({ model }: { model: Model }) {
  const site = useSite()
  const prediction = examplePrediction(model)
  if (!prediction) return null
  const paths = examplePaths(site.paths, model.ref, prediction.files)
  return (
    <ResultPane>
      <SiteContext.Provider value={{ ...site, paths }}>
        <ExampleArticle prediction={prediction} schema={model.version.schema} />
      </SiteContext.Provider>
    </ResultPane>
  )
}

interface ChosenExampleProps {
  readonly prediction: Prediction
  /** That of its version. */
  readonly schema: ModelSchema
}

/** A prediction that is the example of its model. */
export function ChosenExample({ prediction, schema }: ChosenExampleProps) {
  return (
    <ResultPane>
      <ExampleArticle prediction={prediction} schema={schema} record={prediction.id} />
    </ResultPane>
  )
}

interface ExampleArticleProps extends ChosenExampleProps {
  /** Id of the prediction that it is; left out when the model brings it. */
  readonly record?: string
}

function ExampleArticle({ prediction, schema, record }: ExampleArticleProps) {
  const paths = usePaths()
  const ran = ranMs(prediction)
  return (
    <article class='prediction' aria-labelledby='example'>
      <header class='pane-head'>
        <h2 id='example'>
          Example <span class='tag'>default</span>
        </h2>
        {ran !== null && <span class='mono'>{formatMs(ran)}</span>}
      </header>
      <OutputView output={outputOf(prediction, schema.output)} prediction={prediction.id} />
      {prediction.excerpt && <LargeNote prediction={prediction} excerpt={prediction.excerpt} />}
      {record !== undefined && (
        <div class='actions'>
          <a class='button bare' href={paths.prediction(record)}>
            Open its record
          </a>
        </div>
      )}
      <p class='field-note'>The example of this model. Press Run to make your own.</p>
    </article>
  )
}
