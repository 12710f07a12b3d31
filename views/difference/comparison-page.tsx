import { modelName } from '../../src/domain/model-ref.ts'
import { changedInputs, compareInputs } from '../../src/domain/prediction/comparison/inputs.ts'
import { ranMs } from '../../src/domain/prediction/durations.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { formatMs, ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { Failure } from '../outputs/error-output.tsx'
import { OutputView } from '../outputs/index.tsx'
import { InputList } from '../panel/input-list.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'

export interface ComparedPrediction {
  readonly prediction: Prediction
  readonly schema: ModelSchema
}

interface ComparisonPageProps {
  readonly first: ComparedPrediction
  readonly others: readonly ComparedPrediction[]
}

/** Several predictions beside each other, with what differs in their inputs. */
export function ComparisonPage({ first, others }: ComparisonPageProps) {
  const paths = usePaths()
  const compared = [first, ...others]
  const { same, different } = compareInputs(compared.map(({ prediction }) => prediction))
  return (
    <Layout title='Compare predictions' current='predictions'>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.predictions()}>Predictions</a>
        </p>
        <h1>Compare</h1>
        <p class='lede'>
          {different.length === 0
            ? 'All inputs are the same.'
            : `Different inputs: ${different.length} of ${same.length + different.length}. Values that are not those of the first prediction are underlined.`}
        </p>
      </header>
      <div class='workbench'>
        <div class='columns'>
          {compared.map((one) => (
            <Column {...one} first={first.prediction} different={different} />
          ))}
        </div>
        {same.length > 0 && (
          <details class='more'>
            <summary>
              The same in all <span>{same.length}</span>
            </summary>
            <InputList {...given(first)} names={same} />
          </details>
        )}
      </div>
    </Layout>
  )
}

function given({ prediction, schema }: ComparedPrediction) {
  return { prediction: prediction.id, input: prediction.input, files: prediction.files, schema }
}

interface ColumnProps extends ComparedPrediction {
  readonly first: Prediction
  readonly different: readonly string[]
}

function Column({ prediction, schema, first, different }: ColumnProps) {
  const paths = usePaths()
  const { id, model, error } = prediction
  const output = outputOf(prediction, schema.output)
  return (
    <section>
      <article class='prediction' aria-label={`${modelName(model)}, p/${id}`}>
        <ColumnHead prediction={prediction} />
        {error !== null && output.kind !== 'error' && <Failure error={error} />}
        <OutputView output={output} prediction={id} id={`output-${id}`} />
        <div class='actions'>
          <a class='button' href={paths.workspace(model, id)}>
            Use these inputs
          </a>
          <a class='button bare' href={paths.prediction(id)}>
            Open
          </a>
          {prediction !== first && (
            <a class='button bare' href={paths.difference(first.id, id)}>
              What differs from the first
            </a>
          )}
        </div>
        {different.length > 0 && (
          <InputList
            {...given({ prediction, schema })}
            names={different}
            marked={prediction === first ? new Set() : changedInputs(first, prediction)}
          />
        )}
      </article>
    </section>
  )
}

function ColumnHead({ prediction }: { prediction: Prediction }) {
  const ran = ranMs(prediction)
  return (
    <>
      <header class='pane-head'>
        <h2 class='mono'>
          <a href={usePaths().prediction(prediction.id)}>
            <ModelName model={prediction.model} />
          </a>
        </h2>
      </header>
      <div class='facts'>
        <StatusWord prediction={prediction} />{' '}
        {ran !== null && <span class='mono'>{formatMs(ran)}</span>}{' '}
        <Moment at={prediction.createdAt} shows='both' />
      </div>
    </>
  )
}
