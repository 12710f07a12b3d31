import type { JsonObject } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { hasAllOutput, notReady } from '../../../domain/prediction/api-status.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import {
  type Webhook,
  type WebhookEvent,
  webhookEvents,
} from '../../../domain/prediction/webhook.ts'
import type { StartRequest } from '../../../runner/acceptance.ts'
import { clientAddress } from '../../request/connection.ts'
import { originOf } from '../../request/page.tsx'
import { untilDrained } from '../../request/until-drained.ts'
import type { ApiDeps } from '../api-deps.ts'
import { invalid, type Problem, sendProblem, unauthenticated } from '../problem.ts'
import { type ApiContext, sendJson } from '../route.ts'
import { predictionAnswer } from './prediction-answer.ts'
import { type Preferences, readPreferences } from './preferences.ts'
import { startRunShowingLeft } from './start-run.ts'

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
  const problem = webhookProblem(body)
  if (problem) return sendProblem(c, problem)
  const reading = readPreferences(c)
  if (!reading.ok) return sendProblem(c, reading.problem)
  const { preferences } = reading
  // The body was parsed from JSON.
  const run = await startRunShowingLeft(c, deps, model, body.input as JsonObject, {
    ...asked(deps, body, preferences),
    deployment: extras.deployment ?? null,
  })
  if (!run.ok) return sendProblem(c, run.problem)
  return answerWhenReady(c, deps, run.prediction, preferences)
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

/** Refuses a second webhook: a prediction has one. */
function webhookProblem({ webhook, webhook_completed }: CreationBody): Problem | null {
  if (webhook === undefined || webhook_completed === undefined) return null
  const description = 'Send webhook or webhook_completed, not both'
  return invalid([{ type: 'invalid', field: 'webhook_completed', description }])
}
