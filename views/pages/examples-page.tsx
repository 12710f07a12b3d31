import type { Json } from '../../src/domain/json/json.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { Layout, Pit } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { InputList } from '../panel/input-list.tsx'
import { usePaths } from '../site.ts'

export interface ExamplesPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** Predictions that were added as examples. */
  readonly made: readonly PredictionSummary[]
  /** Ids of those that the viewer may remove. */
  readonly mayRemove: ReadonlySet<string>
}

/** The examples of a model: those that it brings, then the predictions that were added. */
export function ExamplesPage({ model, warmth, made, mayRemove }: ExamplesPageProps) {
  const paths = usePaths()
  const schema = model.version.schema
  return (
    <Layout title={`Examples: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='examples' />
      {model.examples.length + made.length === 0 ? (
        <div class='page-head'>
          <div class='empty'>
            <Pit />
            <h2>No examples yet</h2>
            <p>
              Run the model with inputs that show what it can do. Then press <b>Add to examples</b>{' '}
              on the result to show it here for everyone.
            </p>
            <a class='button' href={paths.model(model.ref)}>
              Open the form
            </a>
          </div>
        </div>
      ) : (
        <ol class='steps'>
          {model.examples.map((example, index) => (
            <li>
              <h2>Example {index + 1}</h2>
              <ExamplePicture model={model} values={Object.values(example)} />
              <InputList input={example} schema={schema} files={[]} />
              <p>
                <a class='button' href={`${paths.model(model.ref)}?example=${index + 1}`}>
                  Open in the form
                </a>
              </p>
            </li>
          ))}
          {made.map((prediction) => (
            <MadeExample prediction={prediction} mayRemove={mayRemove.has(prediction.id)} />
          ))}
        </ol>
      )}
    </Layout>
  )
}

function MadeExample({
  prediction,
  mayRemove,
}: {
  prediction: PredictionSummary
  mayRemove: boolean
}) {
  const paths = usePaths()
  const { id, model } = prediction
  const picture = prediction.made.find(({ type }) => type.startsWith('image/'))
  return (
    <li>
      <h2>
        <a href={paths.prediction(id)}>{prediction.summary || 'No inputs'}</a>
      </h2>
      {picture && (
        <img
          src={paths.file(picture)}
          alt=''
          width='240'
          height='160'
          class='example'
          loading='lazy'
        />
      )}
      <div class='actions'>
        <a class='button' href={paths.workspace(model, id)}>
          Open in the form
        </a>
        {mayRemove && (
          <form method='post' action={paths.example(id)}>
            <input type='hidden' name='shown' value='no' />
            <button class='button bare' type='submit'>
              Remove from examples
            </button>
          </form>
        )}
      </div>
    </li>
  )
}

/** The first picture of an example in the model’s folder. */
function ExamplePicture({ model, values }: { model: Model; values: readonly Json[] }) {
  const paths = usePaths()
  const own = values.find(
    (value) => typeof value === 'string' && /^\.\/.*\.(?:jpe?g|png|webp)$/.test(value),
  )
  if (typeof own !== 'string') return null
  return (
    <img
      src={paths.modelFile(model.ref, own.slice(2))}
      alt=''
      width='240'
      height='160'
      class='example'
    />
  )
}
