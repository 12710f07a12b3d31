import type { Model, Version, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { OutputWords, RawSchemas, SchemaTable } from '../model/schema-table.tsx'
import { usePaths } from '../site.ts'

export interface VersionPageProps {
  readonly model: Model
  readonly warmth: Warmth
  readonly version: Version
  /** Whether the model can still run this version. */
  readonly runs: boolean
}

/** One version with its schema. */
export function VersionPage({ model, warmth, version, runs }: VersionPageProps) {
  const paths = usePaths()
  const schema = version.schema
  const isCurrent = version.id === model.version.id
  const query = isCurrent ? '' : `?version=${version.id}`
  return (
    <Layout title={`Version ${version.id.slice(0, 12)}: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='versions' />
      <header class='page-head'>
        <h2>Version</h2>
        <p class='mono text'>{version.id}</p>
        <p class='facts'>
          {isCurrent && <b>Current version</b>}
          <Moment at={version.createdAt} shows='both' />
        </p>
        {runs ? (
          <p>
            <a class='button' href={paths.model(model.ref) + query}>
              Open the form
            </a>
          </p>
        ) : (
          <p>
            The model has changed and no longer runs this version. Predictions made with it are
            still available.
          </p>
        )}
      </header>
      <section class='stack' aria-label='Schema'>
        <h2>Input</h2>
        <SchemaTable schema={schema} />
        <h2>Output</h2>
        <OutputWords output={schema.output} />
        <RawSchemas schemas={version.schema.schemas} />
      </section>
    </Layout>
  )
}
