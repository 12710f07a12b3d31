import type { Json } from '../../src/domain/json.ts'
import { type Model, modelName, type Warmth } from '../../src/domain/model.ts'
import { readSchema } from '../../src/domain/schema.ts'
import { Given } from '../given.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ModelHead } from '../model-head.tsx'
import { ModelTabs } from '../model-tabs.tsx'
import { usePaths } from '../site.ts'

/** Inputs to start from. */
export function ExamplesPage({ model, warmth }: { model: Model; warmth: Warmth }) {
  const paths = usePaths()
  const schema = readSchema(model.version.schemas)
  return (
    <Layout title={`Examples: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='examples' />
      {model.examples.length === 0 ? (
        <div class='page-head'>
          <div class='empty'>
            <Pit />
            <p>This model has no examples.</p>
          </div>
        </div>
      ) : (
        <ol class='steps'>
          {model.examples.map((example, index) => (
            <li>
              <h2>Example {index + 1}</h2>
              <ExamplePicture model={model} values={Object.values(example)} />
              <Given input={example} schema={schema} files={[]} />
              <p>
                <a class='button' href={`${paths.model(model.ref)}?example=${index + 1}`}>
                  Open in the form
                </a>
              </p>
            </li>
          ))}
        </ol>
      )}
    </Layout>
  )
}

/** The first picture that an example brings from its model's own folder. */
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
