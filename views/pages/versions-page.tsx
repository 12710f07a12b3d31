import { type Model, modelName, type Version, type Warmth } from '../../src/domain/model.ts'
import { readSchema } from '../../src/domain/schema.ts'
import type { SchemaChange } from '../../src/domain/schema-change.ts'
import { formatDay, formatTime, plural } from '../format.ts'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model-head.tsx'
import { ModelTabs } from '../model-tabs.tsx'
import { OutputWords, RawSchemas, SchemaTable } from '../schema-table.tsx'
import { usePaths } from '../site.ts'

/** A version in the list of its model's. */
export interface VersionRow {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly runs: number
  readonly isCurrent: boolean
  /** What is other than in the version before it; null for the first, or when that is not known. */
  readonly changes: readonly SchemaChange[] | null
}

export interface VersionsPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** Newest first. */
  readonly versions: readonly VersionRow[]
  /** The query of the next page; null at the end. */
  readonly next: string | null
}

/** What a model was over time, and what changed. */
export function VersionsPage({ model, warmth, versions, next }: VersionsPageProps) {
  return (
    <Layout title={`Versions: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='versions' />
      <ol class='steps'>
        {versions.map((version) => (
          <VersionStep model={model} version={version} />
        ))}
      </ol>
      {next !== null && (
        <p>
          <a class='button' href={next}>
            Older versions
          </a>
        </p>
      )}
      <p class='field-note'>A version is kept from the first prediction that is made with it.</p>
    </Layout>
  )
}

function VersionStep({ model, version }: { model: Model; version: VersionRow }) {
  const paths = usePaths()
  const { id, createdAt, runs, isCurrent, changes } = version
  return (
    <li>
      <h2 class='mono'>
        <a href={paths.modelVersion(model.ref, id)} title={id}>
          {id.slice(0, 12)}
        </a>
      </h2>
      <p class='facts'>
        {isCurrent && <b>Runs now</b>}
        <time datetime={new Date(createdAt).toISOString()}>
          {formatDay(createdAt)}, {formatTime(createdAt)}
        </time>
        <span>{plural(runs, 'run')}</span>
      </p>
      {changes !== null && <Changes changes={changes} />}
    </li>
  )
}

function Changes({ changes }: { changes: readonly SchemaChange[] }) {
  if (changes.length === 0)
    return <p>Takes and makes the same as the one before. What it does may be other.</p>
  const changed = changes.filter(({ kind }) => kind === 'changed')
  return (
    <ul>
      <Names word='New' changes={changes.filter(({ kind }) => kind === 'added')} />
      <Names word='Gone' changes={changes.filter(({ kind }) => kind === 'removed')} />
      {changed.map(({ name, parts }) => (
        <li>
          Changed: {name === null ? 'the output' : <code>{name}</code>} ({parts.join(', ')})
        </li>
      ))}
    </ul>
  )
}

function Names({ word, changes }: { word: string; changes: readonly SchemaChange[] }) {
  if (changes.length === 0) return null
  return (
    <li>
      {word}:{' '}
      {changes.map(({ name }, index) => (
        <>
          {index > 0 && ', '}
          <code>{name}</code>
        </>
      ))}
    </li>
  )
}

export interface VersionPageProps {
  readonly model: Model
  readonly warmth: Warmth
  readonly version: Version
  /** Whether the model can still be run as of it. */
  readonly runs: boolean
}

/** One version: what it takes and makes. */
export function VersionPage({ model, warmth, version, runs }: VersionPageProps) {
  const paths = usePaths()
  const schema = readSchema(version.schemas)
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
          {isCurrent && <b>Runs now</b>}
          <time datetime={new Date(version.createdAt).toISOString()}>
            {formatDay(version.createdAt)}, {formatTime(version.createdAt)}
          </time>
        </p>
        {runs ? (
          <p>
            <a class='button' href={paths.model(model.ref) + query}>
              Open its form
            </a>
          </p>
        ) : (
          <p>
            The model has changed since and no longer runs this version. Predictions that were made
            with it keep their pages.
          </p>
        )}
      </header>
      <section class='stack' aria-label='Schema'>
        <h2>Input</h2>
        <SchemaTable schema={schema} />
        <h2>Output</h2>
        <OutputWords output={schema.output} />
        <RawSchemas schemas={version.schemas} />
      </section>
    </Layout>
  )
}
