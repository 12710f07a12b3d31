import { type Context, Hono } from 'hono'
import { VersionPage } from '../../views/pages/version-page.tsx'
import { type VersionListItem, VersionsPage } from '../../views/pages/versions-page.tsx'
import type { Deps } from '../deps.ts'
import { isDescribed, type Model } from '../domain/model/model.ts'
import { parseModelRef } from '../domain/model-ref.ts'
import { schemaChanges } from '../domain/schema/change.ts'
import type { VersionSummary } from '../store/store.ts'
import { currentWarmth } from './model-state.ts'
import { page } from './request/page.tsx'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'

const pageLength = 30

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

/** The current version first; it need not have predictions. */
async function allVersions({ store }: Deps, model: Model): Promise<readonly VersionSummary[]> {
  const { ref, version } = model
  const kept = await store.versionsOf(ref)
  if (!isDescribed(model)) return kept
  const { id, createdAt } = version
  const current = kept.find((one) => one.id === id) ?? { id, createdAt, runs: 0 }
  return [current, ...kept.filter((one) => one.id !== id)]
}

async function rowOf(
  deps: Deps,
  model: Model,
  version: VersionSummary,
  earlier: VersionSummary | null,
): Promise<VersionListItem> {
  const [is, was] = await Promise.all([
    schemasOf(deps, model, version.id),
    earlier && schemasOf(deps, model, earlier.id),
  ])
  const changes = is && was ? schemaChanges(was, is) : null
  return { ...version, isCurrent: version.id === model.version.id, changes }
}

async function schemasOf({ store }: Deps, { ref, version }: Model, id: string) {
  if (id === version.id) return version.schema.schemas
  return (await store.findVersion(ref, id))?.schema.schemas ?? null
}
