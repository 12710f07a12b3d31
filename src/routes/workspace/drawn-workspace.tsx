import type { Context } from 'hono'
import { WorkspacePage } from '../../../views/pages/workspace-page.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import { type Form, fillForm } from '../../domain/form/form.ts'
import type { Model } from '../../domain/model/model.ts'
import type { MadeFor } from '../../domain/prediction/made-for.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { waysFrom } from '../forms/by-share.ts'
import { quotaUsed } from '../forms/quota-used.ts'
import { drawRunChoice } from '../forms/run-choice.tsx'
import { shownScore } from '../judgement/shown-score.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import type { Panels } from '../panels/panels.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { drawLastRuns } from './last-runs.tsx'
import { resultWith } from './result.ts'

interface Workspace {
  readonly model: Model
  readonly form: Form
  readonly query: string
  readonly result: ShownResult
  readonly formKey: string
  /** The prediction that is tweaked; null without one. */
  readonly madeFor: MadeFor | null
  /** The token of the share link by which the form is opened. */
  readonly share?: string
}

/** The page of a model with a form as it is given, and a result beside it. */
export async function drawWorkspace(
  c: Context,
  deps: Deps,
  { model, madeFor, share = '', ...shown }: Workspace,
) {
  return (
    <WorkspacePage
      {...shown}
      {...waysFrom(c, deps, model, share)}
      model={model}
      choice={drawRunChoice(c, deps, model, madeFor, share)}
      lastRuns={await drawLastRuns(c, deps, model.ref, idOf(shown.result))}
      warmth={currentWarmth(deps, model)}
      estimate={await currentEstimate(deps, model, viewerOf(c, deps).id)}
      quota={await quotaUsed(c, deps)}
      health={currentHealth(deps, model)}
      score={await shownScore(c, deps, model.ref)}
    />
  )
}

function idOf(result: ShownResult): string {
  return result.kind === 'prediction' ? result.panel.prediction.id : ''
}

interface ResultWorkspace {
  readonly model: Model
  readonly prediction: Prediction
  readonly formKey: string
}

/** The form with the inputs of a prediction, beside its result. */
export async function drawResult(
  c: Context,
  deps: Deps,
  panels: Panels,
  { model, prediction, formKey }: ResultWorkspace,
) {
  const form = fillForm(model.version.schema, prediction.input, prediction.files)
  const result = await resultWith(c, deps, panels, model, prediction, formKey)
  const query = `?from=${prediction.id}`
  return drawWorkspace(c, deps, { model, form, query, result, formKey, madeFor: prediction })
}

/** The model in the version of a prediction where that still runs, else in its latest. */
export async function modelOf(c: Context, deps: Deps, { model, version }: Prediction) {
  const models = usableModels(deps, viewerOf(c, deps))
  return (await models.findSoon(model, version)) ?? models.findSoon(model)
}
