import { type Context, Hono } from 'hono'
import { type ExploreQuery, isFront } from '../../../views/explore/query.ts'
import { ExplorePage } from '../../../views/pages/explore-page.tsx'
import type { Deps } from '../../deps.ts'
import { collectionsOf } from '../../domain/model/collection.ts'
import { type FoundText, foundText } from '../../domain/model/found-text.ts'
import { makesKinds } from '../../domain/model/makes.ts'
import type { Model } from '../../domain/model/model.ts'
import { inOrder, type ModelFigures, orders, pageOf } from '../../domain/model/order.ts'
import type { Found } from '../../domain/model/search.ts'
import { searchedOf } from '../../domain/model/search-text.ts'
import { modelName } from '../../domain/model-ref.ts'
import { page } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { searchable } from './elsewhere.tsx'
import { listedModels, makesOf } from './listed.ts'
import { noSections, pageLength, recentModels, sectionsOf } from './sections.ts'

const mostOwners = 30

/** The front page: all models, sections of them, and their search. */
export function exploreRoutes(deps: Deps) {
  return new Hono().get('/', (c) => explorePage(c, deps))
}

async function explorePage(c: Context, deps: Deps) {
  const viewer = viewerOf(c, deps)
  const query = readQuery(c)
  const models = await usableModels(deps, viewer).all()
  // Indexed in the background, so that the first search need not wait for it.
  void deps.modelSearch.note(models)
  const runs = await deps.store.runCounts()
  const figures: ModelFigures = {
    runs: ({ ref }) => runs.get(modelName(ref)) ?? 0,
    seenAt: ({ ref }) => deps.modelSearch.firstSeen(ref) ?? 0,
  }
  const chosen = await choose(deps, models, query, figures)
  const shown = pageOf(chosen, query.page, pageLength)
  const cards = await listedModels(deps, modelsIn(shown.items), runs)
  const items = cards.map((card, at) => ({ ...card, found: textFound(shown.items[at]) }))
  const recent = isFront(query) ? await recentModels(deps, viewer, models) : []
  const isLong = models.length > pageLength
  return page(
    c,
    deps,
    <ExplorePage
      query={query}
      list={{ ...shown, items }}
      count={chosen.length}
      length={pageLength}
      sections={isFront(query) ? await sectionsOf(deps, models, recent, figures) : noSections}
      reading={deps.runner.modelsReading()}
      isFirstVisit={recent.length === 0}
      kinds={isLong && query.q === '' ? kindsOf(models) : []}
      elsewhere={searchable(deps)?.label ?? null}
      owners={ownersOf(models)}
    />,
  )
}

function readQuery(c: Context): ExploreQuery {
  const { q = '', sort, makes, page: asked } = c.req.query()
  return {
    q: q.trim(),
    sort: orders.find((order) => order === sort) ?? null,
    makes: makesKinds.find((kind) => kind === makes) ?? null,
    page: Number(asked ?? 1),
  }
}

type Chosen = Pick<Found<Model>, 'model' | 'match'>

/** The models that the query asks for: as the search ranks them, or in an order. */
async function choose(
  deps: Deps,
  models: readonly Model[],
  { q, sort, makes }: ExploreQuery,
  figures: ModelFigures,
): Promise<readonly Chosen[]> {
  const some = makes === null ? models : models.filter((model) => makesOf(model) === makes)
  if (q !== '') return deps.modelSearch.find(some, q)
  return inOrder(some, sort ?? 'popular', figures).map((model) => ({ model, match: null }))
}

function textFound(chosen: Chosen | undefined): FoundText | null {
  return chosen?.match ? foundText(searchedOf(chosen.model), chosen.match) : null
}

function modelsIn(items: readonly { readonly model: Model }[]): readonly Model[] {
  return items.map(({ model }) => model)
}

function kindsOf(models: readonly Model[]) {
  const counts = Map.groupBy(models, makesOf)
  return makesKinds.flatMap((makes) => {
    const count = counts.get(makes)?.length ?? 0
    return count > 0 ? [{ makes, count }] : []
  })
}

function ownersOf(models: readonly Model[]) {
  return collectionsOf(models)
    .map(({ slug, models: own }) => ({ slug, count: own.length }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostOwners)
}
