import { type Context, Hono } from 'hono'
import { VersionComparisonPage } from '../../views/pages/version-comparison-page.tsx'
import { VersionPage } from '../../views/pages/version-page.tsx'
import { type VersionListItem, VersionsPage } from '../../views/pages/versions-page.tsx'
import type { Deps } from '../deps.ts'
import { isDescribed, type Model, type Version } from '../domain/model/model.ts'
import { parseModelRef } from '../domain/model-ref.ts'
import { schemaChanges, schemaDifferences } from '../domain/schema/change.ts'
import type { SourceVersion } from '../providers/model-sources.ts'
import type { VersionSummary } from '../store/store.ts'
import { keptVersions } from './kept-versions.ts'
import { currentWarmth } from './model-state.ts'
import { page } from './request/page.tsx'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'

const pageLength = 30

/** Of versions that can be chosen to be compared. */
const mostChoices = 200

/** The versions of a model, and what changed between them. */
export function versionsPageRoutes(deps: Deps) {
  const { store, paths } = deps

  async function find(c: Context): Promise<Model | null> {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    return ref && usableModels(deps, viewerOf(c, deps)).findSoon(ref)
  }

  return new Hono()
    .get('/:owner/:name/versions', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      const all = await allVersions(deps, model)
      const { before } = c.req.query()
      const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1
      const shown = all.slice(start, start + pageLength)
      const versions = await Promise.all(
        shown.map((one, index) => rowOf(deps, model, one, all[start + index + 1] ?? null)),
      )
      const last = all.length > start + pageLength ? shown.at(-1) : undefined
      const next = last ? `${paths.modelVersions(model.ref)}?before=${last.id}` : null
      return page(
        c,
        deps,
        <VersionsPage {...{ model, versions, next }} warmth={currentWarmth(deps, model)} />,
      )
    })
    .get('/:owner/:name/versions/compare', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      const { a = '', b = '' } = c.req.query()
      const [before, after] = await Promise.all([a, b].map((id) => versionOf(deps, model, id)))
      if (!before || !after) return c.notFound()
      const differences = schemaDifferences(before.schema.schemas, after.schema.schemas)
      const all = (await allVersions(deps, model)).map(({ id }) => id).slice(0, mostChoices)
      const versions = [...new Set([...all, before.id, after.id])]
      const warmth = currentWarmth(deps, model)
      const shown = { model, warmth, versions, before, after, differences }
      return page(c, deps, <VersionComparisonPage {...shown} />)
    })
    .get('/:owner/:name/versions/:id', async (c) => {
      const id = c.req.param('id')
      const model = await find(c)
      if (!model) return c.notFound()
      const now = await usableModels(deps, viewerOf(c, deps)).findSoon(model.ref, id)
      const runs = now?.version.id === id && isDescribed(now)
      const version = runs ? now.version : await store.findVersion(model.ref, id)
      if (!version) return c.notFound()
      const warmth = currentWarmth(deps, model)
      return page(c, deps, <VersionPage {...{ model, version, runs, warmth }} />)
    })
}

/** A version in the list, with what is run where the model keeps it. */
interface ListedVersion extends VersionSummary {
  readonly kept: SourceVersion | null
}

/** The current version first, which need not have predictions; by time where earlier ones are kept to be run. */
async function allVersions(deps: Deps, { ref, version, undescribed }: Model) {
  const stored = await deps.store.versionsOf(ref)
  const kept = keptVersions(deps, ref)
  const described = undescribed === null ? [version] : []
  const runnable = kept.length > 0 ? kept.map((one) => one.version) : described
  const known = runnable.map(({ id, createdAt }): ListedVersion => {
    const before = stored.find((one) => one.id === id) ?? { id, firstRunAt: null, runs: 0 }
    return { ...before, createdAt, kept: kept.find((one) => one.version.id === id) ?? null }
  })
  const others = stored
    .filter(({ id }) => !known.some((one) => one.id === id))
    .map((one): ListedVersion => ({ ...one, kept: null }))
  const all = [...known, ...others]
  return kept.length > 0 ? all.sort((a, b) => b.createdAt - a.createdAt) : all
}

async function rowOf(
  deps: Deps,
  model: Model,
  version: ListedVersion,
  earlier: ListedVersion | null,
): Promise<VersionListItem> {
  const [is, was] = await Promise.all([
    schemasOf(deps, model, version.id),
    earlier && schemasOf(deps, model, earlier.id),
  ])
  const changes = is && was ? schemaChanges(was, is) : null
  const isCurrent = version.id === model.version.id
  return { ...version, isCurrent, changes, earlier: earlier?.id ?? null }
}

async function schemasOf(deps: Deps, model: Model, id: string) {
  return (await versionOf(deps, model, id))?.schema.schemas ?? null
}

/** The current version of a model, or one that is kept. */
async function versionOf(deps: Deps, { ref, version }: Model, id: string): Promise<Version | null> {
  if (id === version.id) return version
  const kept = keptVersions(deps, ref).find((one) => one.version.id === id)
  return kept?.version ?? deps.store.findVersion(ref, id)
}
