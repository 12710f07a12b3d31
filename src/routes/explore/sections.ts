import type { ShownSections } from '../../../views/explore/sections.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { byName, inOrder, type ModelFigures, newModels } from '../../domain/model/order.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/policy.ts'
import { listedModels } from './listed.ts'

const sectionLength = 4
const mostRecent = 20

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

/** Models are in one section each. Of few models there are none that are popular or new. */
export async function sectionsOf(
  deps: Deps,
  models: readonly Model[],
  recent: readonly Recent[],
  figures: ModelFigures,
): Promise<ShownSections> {
  const used = new Set(recent.map(({ model }) => model))
  const popular = inOrder(models, 'popular', figures)
    .filter((model) => figures.runs(model) > 0 && !used.has(model))
    .slice(0, sectionLength)
  const fresh = newModels(models, figures, deps.now())
    .filter((model) => !used.has(model) && !popular.includes(model))
    .slice(0, sectionLength)
  const cards = await listedModels(
    deps,
    recent.map(({ model }) => model),
  )
  return {
    recent: cards.map((card, at) => ({ ...card, at: recent[at]?.at ?? 0 })),
    popular: await listedModels(deps, popular),
    fresh: await listedModels(deps, fresh),
  }
}
