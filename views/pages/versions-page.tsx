import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { SchemaChange } from '../../src/domain/schema/change.ts'
import { Moment, plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { SchemaChanges } from '../model/schema-changes.tsx'
import { useSite } from '../site.ts'

/** A version in the list of a model’s versions. */
export interface VersionListItem {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When it was first run; null when it never was, or that is not known. */
  readonly firstRunAt: number | null
  readonly runs: number
  readonly isCurrent: boolean
  /** The changes since the previous version; null for the first, or when they are not known. */
  readonly changes: readonly SchemaChange[] | null
  /** Id of the previous version; null for the first. */
  readonly earlier: string | null
  /** What is run, where the model keeps it for each version; null otherwise. */
  readonly kept: { readonly named: string; readonly digest: string } | null
}

export interface VersionsPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** Newest first. */
  readonly versions: readonly VersionListItem[]
  /** The query of the next page; null at the end. */
  readonly next: string | null
}

/** The versions of a model, and what changed between them. */
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
      <p class='field-note'>
        {versions.some(({ kept }) => kept)
          ? 'A version whose image is named runs when its id is asked for; the current one runs otherwise.'
          : 'A version is listed from the first prediction made with it.'}
      </p>
    </Layout>
  )
}

function VersionStep({ model, version }: { model: Model; version: VersionListItem }) {
  const { paths, operator } = useSite()
  const { id, createdAt, firstRunAt, runs, isCurrent, changes, earlier, kept } = version
  return (
    <li>
      <h2 class='mono'>
        <a href={paths.modelVersion(model.ref, id)} title={id}>
          {id.slice(0, 12)}
        </a>
      </h2>
      <p class='facts'>
        {isCurrent && <b>Current version</b>}
        {firstRunAt === null || kept ? (
          <span>
            {kept ? 'added' : 'made'} <Moment at={createdAt} shows='both' />
          </span>
        ) : (
          <span>
            first run <Moment at={firstRunAt} shows='both' />
          </span>
        )}
        <span>{plural(runs, 'run')}</span>
      </p>
      {kept && (
        <p class='mono text'>
          {kept.named} <small title={kept.digest}>{kept.digest.slice(0, 19)}</small>
        </p>
      )}
      {changes !== null && <SchemaChanges changes={changes} />}
      {kept && !isCurrent && operator && (
        <form class='actions' method='post' action={paths.versionDefault(model.ref, id)}>
          <button class='button' type='submit' aria-label={`Make ${id.slice(0, 12)} the default`}>
            Make it the default
          </button>
          <a
            class='button bare'
            href={paths.versionRemoval(model.ref, id)}
            aria-label={`Remove ${id.slice(0, 12)}`}
          >
            Remove
          </a>
        </form>
      )}
      {earlier !== null && (
        <p>
          <a href={paths.modelVersionComparison(model.ref, earlier, id)}>Compare with previous</a>
        </p>
      )}
    </li>
  )
}
