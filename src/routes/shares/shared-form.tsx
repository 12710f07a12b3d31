import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fillForm } from '../../domain/form/form.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { usableModels } from '../request/usable-models.ts'
import { ensureViewer, openerOf } from '../request/viewer.ts'
import { drawWorkspace } from '../workspace/drawn-workspace.tsx'
import { noResult } from '../workspace/result.ts'
import { findShare, type OpenShare } from './share-in-path.ts'

/** The form of the model of a share, filled in; null when the share does not let its opener run it. */
export async function drawSharedForm(c: Context, deps: Deps, found: OpenShare) {
  const { mayRun, prediction, token } = found
  const model = mayRun ? await modelOf(deps, found) : null
  if (!model) return null
  ensureViewer(c, deps)
  // Its other pages may not be the opener’s to see.
  const alone = { ...model, examples: [], defaultExample: null }
  const isSeen = may(found.viewer, 'see', { model })
  return drawWorkspace(c, deps, {
    model: isSeen ? model : alone,
    form: fillForm(model.version.schema, prediction.input, prediction.files),
    query: '',
    result: noResult,
    formKey: deps.newId(),
    madeFor: null,
    share: token,
  })
}

/** The model in the version of the prediction where that still runs, else in its latest. */
async function modelOf(deps: Deps, { viewer, prediction }: OpenShare) {
  const { model, version } = prediction
  const { findSoon } = usableModels(deps, viewer, model)
  return (await findSoon(model, version)) ?? findSoon(model)
}

/** The share with which a form is sent, if it lets its sender run this model; null without one. */
export async function shareToRun(
  c: Context,
  deps: Deps,
  ref: ModelRef,
  token: string,
): Promise<OpenShare | null> {
  if (token === '') return null
  const found = await findShare(deps, openerOf(c, deps), token)
  const isOfModel = found.is === 'open' && found.mayRun && sameModel(found.prediction.model, ref)
  return isOfModel ? found : null
}
