import type { Model, Version, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { SchemaDifference } from '../../src/domain/schema/change.ts'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { SchemaComparison } from '../model/schema-comparison.tsx'
import { usePaths } from '../site.ts'

interface VersionComparisonPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** The ids of its versions, newest first. */
  readonly versions: readonly string[]
  /** The version that is compared with `after`. */
  readonly before: Version
  readonly after: Version
  readonly differences: readonly SchemaDifference[]
}

/** Two versions of a model, and where their schemas differ. */
export function VersionComparisonPage(props: VersionComparisonPageProps) {
  const { model, warmth, before, after, differences } = props
  const paths = usePaths()
  const changed = new Set(differences.map(({ name }) => name))
  const same = after.schema.input.filter(({ name }) => !changed.has(name))
  return (
    <Layout title={`Compare versions: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='versions' />
      <header class='page-head'>
        <h2>Compare two versions</h2>
        <ChooseVersions {...props} />
      </header>
      <section class='stack' aria-labelledby='differences'>
        <h2 id='differences'>{plural(differences.length, 'difference')}</h2>
        <SchemaComparison before={before.schema} after={after.schema} differences={differences} />
        {same.length > 0 && (
          <details class='more'>
            <summary>
              The same in both <span>{same.length}</span>
            </summary>
            <p class='mono'>{same.map(({ name }) => name).join(', ')}</p>
          </details>
        )}
        <p>
          <a href={paths.modelVersions(model.ref)}>All versions</a>
        </p>
      </section>
    </Layout>
  )
}

type ChooseVersionsProps = Pick<
  VersionComparisonPageProps,
  'model' | 'versions' | 'before' | 'after'
>

function ChooseVersions({ model, versions, before, after }: ChooseVersionsProps) {
  const [action] = usePaths().modelVersionComparison(model.ref, '', '').split('?')
  const choices = [
    { name: 'a', label: 'Before', chosen: before.id },
    { name: 'b', label: 'After', chosen: after.id },
  ]
  return (
    <form class='filters measure' action={action}>
      {choices.map(({ name, label, chosen }) => (
        <label>
          {label}
          <select name={name}>
            {versions.map((id) => (
              <option value={id} selected={id === chosen}>
                {id.slice(0, 12)}
                {id === model.version.id && ', current'}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button class='button' type='submit'>
        Compare
      </button>
    </form>
  )
}
