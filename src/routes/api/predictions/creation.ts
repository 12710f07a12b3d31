import { readInput } from '../../../domain/form/input.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { may } from '../../../domain/policy.ts'
import { hasAllOutput, notReady } from '../../../domain/prediction/api-status.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import {
  type Webhook,
  type WebhookEvent,
  webhookEvents,
} from '../../../domain/prediction/webhook.ts'
import type { StartRequest } from '../../../runner/acceptance.ts'
import { type NotStarted, refusals, runRetrySeconds } from '../../refusals.ts'
import { clientAddress } from '../../request/connection.ts'
import { originOf } from '../../request/page.tsx'
import { untilDrained } from '../../request/until-drained.ts'
import type { ApiDeps } from '../api-deps.ts'
import { filesNamedIn } from '../files/named-files.ts'
import {
  databaseBusy,
  invalid,
  noRoom,
  type Problem,
  sendProblem,
  unauthenticated,
} from '../problem.ts'
import { type ApiContext, sendJson } from '../route.ts'
import { upstreamProblem } from '../upstream-problem.ts'
import { predictionAnswer } from './prediction-answer.ts'
import { type Preferences, readPreferences } from './preferences.ts'
import { overQuota, showQuotaLeft } from './quota-left.ts'

/** The body of a request that creates a prediction, without the model or version. */
export interface CreationBody {
  readonly input: { readonly [name: string]: unknown }
  readonly webhook?: string | undefined
  readonly webhook_events_filter?: readonly WebhookEvent[] | undefined
  /** Sent by the Python client 1.x. */
  readonly webhook_completed?: string | undefined
}

export interface CreationExtras {
  /** The deployment that the request was sent to. */
  readonly deployment?: ModelRef
}

/**
 * Creates a prediction from the body and the headers of a request, and answers with it: at once, or,
 * with `Prefer: wait`, when its output is complete.
 */
export async function createPrediction(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  body: CreationBody,
  extras: CreationExtras = {},
): Promise<Response> {
  // The body was parsed from JSON.
  const input = body.input as JsonObject
  const isAllowed = may(c.get('viewer'), 'run', { model })
  const problem = isAllowed ? (problemWith(model, input) ?? webhookProblem(body)) : mayNotRun
  if (problem) return sendProblem(c, problem)
  const reading = readPreferences(c)
  if (!reading.ok) return sendProblem(c, reading.problem)
  const files = await filesNamedIn(input, c, deps)
  const read = readInput(model.version.schema, input, files)
  if (!read.ok) return sendProblem(c, invalid(read.errors))
  const { preferences } = reading
  const viewer = c.get('viewer')
  const quota = await deps.runner.quotaOf(viewer)
  const started = await deps.runner.start({
    quota,
    model,
    input: read.input,
    files: read.files,
    createdBy: viewer.id,
    visibility: deps.config.predictions,
    account: c.get('account'),
    source: 'api',
    formKey: null,
    ...asked(deps, body, preferences),
    deployment: extras.deployment ?? null,
  })
  if (quota) await showQuotaLeft(c, deps, viewer.id, quota)
  if (!started.ok)
    return sendProblem(
      c,
      started.reason === 'quota'
        ? overQuota(started.exceeded, deps.now())
        : refusal(started.reason),
    )
  return answerWhenReady(c, deps, started.prediction, preferences)
}

function asked({ now }: ApiDeps, body: CreationBody, { cancelAfterMs }: Preferences) {
  return {
    webhook: webhookOf(body),
    deadline: cancelAfterMs === null ? null : now() + cancelAfterMs,
  } satisfies Partial<StartRequest>
}

function webhookOf(body: CreationBody): Webhook | null {
  const { webhook, webhook_completed: completed, webhook_events_filter: events } = body
  if (completed !== undefined) return { url: completed, events: ['completed'] }
  if (webhook === undefined) return null
  return { url: webhook, events: [...new Set(events ?? webhookEvents)] }
}

async function answerWhenReady(
  c: ApiContext,
  deps: ApiDeps,
  accepted: Prediction,
  { waitSeconds }: Preferences,
): Promise<Response> {
  const { runner, paths } = deps
  const origin = originOf(c, deps)
  c.header('Location', origin + paths.apiPrediction(accepted.id))
  const leave = waitSeconds === null ? null : deps.waits.take(clientAddress(c, deps))
  if (waitSeconds === null || !leave)
    return sendJson(c, await predictionAnswer(deps, origin, accepted), 201)
  c.header('Preference-Applied', `wait=${waitSeconds}`)
  const ready = (prediction: Prediction | null) => !prediction || hasAllOutput(prediction)
  const signal = untilDrained(deps, c.req.raw.signal)
  const waited = await runner.until(accepted.id, ready, waitSeconds * 1000, signal).finally(leave)
  if (!(await c.get('isStillIn')())) return sendProblem(c, unauthenticated)
  const isReady = waited !== null && hasAllOutput(waited)
  const json = await predictionAnswer(deps, origin, waited ?? accepted)
  return isReady ? sendJson(c, json, 201) : sendJson(c, { ...json, status: notReady }, 202)
}

const mayNotRun: Problem = {
  title: 'Forbidden',
  status: 403,
  detail: 'You may see this model, but not run it.',
}

/** Refuses a second webhook: a prediction has one. */
function webhookProblem({ webhook, webhook_completed }: CreationBody): Problem | null {
  if (webhook === undefined || webhook_completed === undefined) return null
  const description = 'Send webhook or webhook_completed, not both'
  return invalid([{ type: 'invalid', field: 'webhook_completed', description }])
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
