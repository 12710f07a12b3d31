import type { ShownSections } from '../../../views/explore/sections.tsx'
import type { Deps } from '../../deps.ts'
import { collectionOf } from '../../domain/model/collection.ts'
import type { Model } from '../../domain/model/model.ts'
import { byName, inOrder, type ModelFigures, newModels } from '../../domain/model/order.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { listedModels } from './listed.ts'

const sectionLength = 4
const mostRecent = 20
const mostCollections = 12

/** Models on a page of the list. */
export const pageLength = 24

/** So few models are seen at a glance. */
const fewModels = 12

export interface Recent {
  readonly model: Model
  readonly at: number
}

/** The models that the viewer ran last. */
export async function recentModels(
  { store }: Deps,
  viewer: Viewer,
  models: readonly Model[],
): Promise<readonly Recent[]> {
  if (viewer.id === '') return []
  const known = byName(models)
  const used = await store.recentModels(viewer.id, mostRecent)
  return used
    .flatMap(({ ref, at }) => {
      const model = known.get(modelName(ref))
      return model ? [{ model, at }] : []
    })
    .slice(0, sectionLength)
}

/**
 * The sections of the front page. A model is in one of the first, popular and new; a section is left out
 * where the list of all models is short enough to say the same.
 */
export async function sectionsOf(
  deps: Deps,
  models: readonly Model[],
  recent: readonly Recent[],
  figures: ModelFigures,
): Promise<ShownSections> {
  const shown = models.length > fewModels ? recent : []
  const used = shown.map(({ model }) => model)
  const unused = models.length > pageLength ? models.filter((model) => !used.includes(model)) : []
  const popular = inOrder(unused, 'popular', figures)
    .filter((model) => figures.runs(model) > 0)
    .slice(0, sectionLength)
  const fresh = newModels(unused, figures, deps.now())
    .filter((model) => !popular.includes(model))
    .slice(0, sectionLength)
  const cards = await listedModels(deps, used)
  return {
    recent: cards.map((card, at) => ({ ...card, at: shown[at]?.at ?? 0 })),
    collections: deps.collections
      .all()
      .slice(0, mostCollections)
      .map((record) => collectionOf(record, models))
      .filter((collection) => collection.models.length > 0),
    popular: await listedModels(deps, popular),
    fresh: await listedModels(deps, fresh),
  }
}

export const noSections: ShownSections = { recent: [], collections: [], popular: [], fresh: [] }
