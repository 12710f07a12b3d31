import type { ListedModel } from '../../../views/model/model-card.tsx'
import type { Deps } from '../../deps.ts'
import { type Makes, makes } from '../../domain/model/makes.ts'
import type { Model, Version } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { currentWarmth } from '../model-state.ts'

/** Models with what their cards say. `runs` are counts by name, where they are known already. */
export async function listedModels(
  deps: Deps,
  models: readonly Model[],
  runs?: ReadonlyMap<string, number>,
): Promise<ListedModel[]> {
  const counts = runs ?? (await deps.store.runCounts())
  return Promise.all(
    models.map(async (model) => ({
      model,
      warmth: currentWarmth(deps, model),
      makes: makesOf(model),
      runs: counts.get(modelName(model.ref)) ?? 0,
      typicalMs: await deps.runTimes.typical(model.ref),
    })),
  )
}

const known = new WeakMap<Version, { readonly description: string; readonly makes: Makes }>()

/** The kind of thing that a model makes, decided once for each version and description. */
export function makesOf(model: Model): Makes {
  const before = known.get(model.version)
  if (before?.description === model.description) return before.makes
  const found = makes(model)
  known.set(model.version, { description: model.description, makes: found })
  return found
}
