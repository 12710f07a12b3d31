import { readInput } from '../../../domain/form/input.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { may } from '../../../domain/policy.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import type { StartRequest } from '../../../runner/acceptance.ts'
import { type NotStarted, refusals, runRetrySeconds } from '../../refusals.ts'
import type { ApiDeps } from '../api-deps.ts'
import { filesNamedIn } from '../files/named-files.ts'
import { databaseBusy, invalid, noRoom, type Problem } from '../problem.ts'
import type { ApiContext } from '../route.ts'
import { upstreamProblem } from '../upstream-problem.ts'
import { overQuota, showQuotaLeft } from './quota-left.ts'

export type RunStart =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly problem: Problem }

/** Choices of a program besides the input. */
export type RunExtras = Partial<Pick<StartRequest, 'deployment' | 'webhook' | 'deadline'>>

/** As `startRun`; the headers of the answer say how many more the limits of the sender allow. */
export async function startRunShowingLeft(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  input: JsonObject,
  extras: RunExtras = {},
): Promise<RunStart> {
  const run = await startRun(c, deps, model, input, extras)
  await showQuotaLeft(c, deps)
  return run
}

/**
 * Starts a run of a model for the sender of a request, if they may run it, its input is valid and their
 * limits allow it. Every run that a program asks for starts here. The answer may be on its way already: no
 * headers are set.
 */
export async function startRun(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  input: JsonObject,
  extras: RunExtras = {},
): Promise<RunStart> {
  const viewer = c.get('viewer')
  const problem = may(viewer, 'run', { model }) ? problemWith(model, input) : mayNotRun
  if (problem) return { ok: false, problem }
  const files = await filesNamedIn(input, c, deps)
  const read = readInput(model.version.schema, input, files)
  if (!read.ok) return { ok: false, problem: invalid(read.errors) }
  const quota = await deps.runner.quotaOf(viewer)
  const started = await deps.runner.start({
    ...extras,
    quota,
    model,
    input: read.input,
    files: read.files,
    createdBy: viewer.id,
    visibility: deps.config.predictions,
    account: c.get('account'),
    source: 'api',
    formKey: null,
  })
  if (started.ok) return started
  const { reason } = started
  const refused = reason === 'quota' ? overQuota(started.exceeded, deps.now()) : refusal(reason)
  return { ok: false, problem: refused }
}

const mayNotRun: Problem = {
  title: 'Forbidden',
  status: 403,
  detail: 'You may see this model, but not run it.',
}

/** Why a model cannot be run with any input, or with one that must not be kept. */
function problemWith(model: Model, input: JsonObject): Problem | null {
  // With fileEncodingStrategy 'data-uri', Replicate’s client sends itself with its token in place
  // of the input. Nothing of that may be stored.
  if (['auth', 'baseUrl', 'fileEncodingStrategy'].every((name) => Object.hasOwn(input, name)))
    return {
      title: 'Input validation failed',
      detail:
        'The client sent its own settings, with its token, in place of the input: a fault in the client when fileEncodingStrategy is "data-uri". Remove that option. Nothing was saved.',
      status: 422,
    }
  if (model.broken === null) return null
  const detail = `${modelName(model.ref)} cannot run: ${model.broken}`
  return upstreamProblem(model) ?? { title: 'Model cannot run', detail, status: 422 }
}

/** The answer to a run that is not started. */
function refusal(reason: NotStarted): Problem {
  if (reason === 'no space') return noRoom
  if (reason === 'database busy') return databaseBusy
  const detail = refusals.notStarted[reason]
  return { title: refusalTitles[reason], detail, status: 503, retry_after: runRetrySeconds }
}

const refusalTitles = { draining: 'Draining', 'queue full': 'Queue full', stopping: 'Restarting' }
