import type { Context } from 'hono'
import { besideExample } from '../../../views/workspace/beside.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { type Panels, refreshSeconds } from '../panels/panels.ts'
import { viewerActions } from '../panels/viewer-actions.ts'
import { findAllowed } from '../people/looks.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { earlierTurns } from './earlier-turns.ts'
import { createFindExample } from './example.ts'

export const noResult: ShownResult = { kind: 'none' }

/** The prediction of a model with this id; null when there is none, or the viewer may not see it. */
export async function predictionOf(
  c: Context,
  deps: Deps,
  ref: ModelRef,
  id: string,
): Promise<Prediction | null> {
  const prediction = await findAllowed(c, deps, viewerOf(c, deps), id)
  return prediction && modelName(prediction.model) === modelName(ref) ? prediction : null
}

/** A prediction as the result beside the form of `model`. */
export async function resultWith(
  c: Context,
  deps: Deps,
  panels: Panels,
  model: Model,
  prediction: Prediction,
  formKey: string = deps.newId(),
): Promise<ShownResult> {
  const panel = await panels.props(c, prediction)
  const latest = await usableModels(deps, viewerOf(c, deps)).findSoon(model.ref)
  return {
    kind: 'prediction',
    panel,
    actions: await viewerActions(c, deps, prediction),
    refreshSeconds: refreshSeconds(panel),
    isLatest: prediction.version === latest?.version.id,
    runs: prediction.version === model.version.id,
    formKey,
    earlier: await earlierTurns(c, deps, panel.schema, prediction),
  }
}

/** The example of a model as the result: a prediction, else what the model brings. */
export async function exampleResult(
  { store }: Pick<Deps, 'store'>,
  model: Model,
  example: Prediction | null,
): Promise<ShownResult> {
  if (!example) return model.exampleOutput ? { kind: 'brought' } : noResult
  const version = await store.findVersion(model.ref, example.version)
  const schema = version?.schema ?? model.version.schema
  return { kind: 'example', prediction: example, schema }
}

/** The result that a form was sent from beside, so that an error keeps it there. */
export async function resultBeside(
  c: Context,
  deps: Deps,
  panels: Panels,
  model: Model,
  id: string,
): Promise<ShownResult> {
  if (id === besideExample) return exampleResult(deps, model, await createFindExample(deps)(model))
  const prediction = await predictionOf(c, deps, model.ref, id)
  return prediction ? resultWith(c, deps, panels, model, prediction) : noResult
}
