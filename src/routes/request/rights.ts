import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import {
  may,
  type PredictionAction,
  type PredictionSubject,
  reachOf,
  type Visible,
  visible,
} from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'

type Known = Pick<Deps, 'runner'>

/** Whether a viewer may take an action on a prediction, with its model as it is now. */
export function mayWith(
  { runner }: Known,
  viewer: Viewer,
  action: PredictionAction,
  prediction: PredictionSubject & { readonly model: ModelRef },
): boolean {
  return may(viewer, action, { prediction, of: runner.modelSubject(prediction.model) })
}

/** Whether the page of a model opens for a viewer. */
export function opensModel({ runner }: Known, viewer: Viewer): (model: ModelRef) => boolean {
  return (model) =>
    viewer.kind !== 'nobody' && may(viewer, 'see', { model: runner.modelSubject(model) })
}

/** Whether the page of a prediction opens for everyone who reaches this server. */
export function isForEveryone(
  { config, runner }: Pick<Deps, 'config' | 'runner'>,
  prediction: Prediction,
): boolean {
  if (hasPeople(config)) return false
  const model = runner.modelSubject(prediction.model)
  return reachOf(prediction, model) === 'public'
}

/** The predictions that a viewer may see in lists; nothing for those who may see all. */
export function visibleTo({ runner }: Known, viewer: Viewer): { readonly visible?: Visible } {
  const seen = visible(viewer, runner.privateModels())
  return seen === 'all' ? {} : { visible: seen }
}

/** Names the private models that a viewer may see. Viewers with the same see the same models. */
export function modelsKey({ runner }: Known, viewer: Viewer): string {
  return runner
    .privateModels()
    .filter((model) => may(viewer, 'see', { model }))
    .map(({ ref }) => modelName(ref))
    .join(' ')
}

/** Whether a viewer chooses who sees a prediction: there is no choice where nobody signs in, unless it is private by default. */
export function choosesVisibility({ config }: Pick<Deps, 'config'>, viewer: Viewer): boolean {
  return viewer.kind === 'person' || config.predictions === 'private'
}
