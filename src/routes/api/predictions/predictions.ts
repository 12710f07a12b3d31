import { z } from '@hono/zod-openapi'
import type { Deps } from '../../../deps.ts'
import { isId } from '../../../domain/id.ts'
import { parseModelRef } from '../../../domain/model-ref.ts'
import { momentIn } from '../../../domain/moment.ts'
import { type Action, may } from '../../../domain/policy.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { originOf } from '../../request/page.tsx'
import { givenExampleAt } from '../models/model-json.ts'
import { findVersion } from '../models/model-version.ts'
import { notFound, sendProblem } from '../problem.ts'
import {
  type Api,
  type ApiContext,
  answers,
  jsonHeaders,
  sendJson,
  serve,
  takes,
} from '../route.ts'
import { cursorQuery, pageOf, predictionRequest, predictionSchema } from '../schemas.ts'
import { createPrediction } from './creation.ts'
import { writtenAnswer } from './prediction-answer.ts'
import { predictionsPage } from './predictions-page.ts'

/** How long an answer waits for a canceled run to be gone. */
const cancelWaitMs = 5_000

const noPrediction = notFound('The specified prediction does not exist')
const idParams = z.object({ prediction_id: z.string() })
const time = z
  .string()
  .refine((text) => momentIn(text) !== null, "Does not match format 'date-time'")
  .openapi({
    format: 'date-time',
    description: 'A date and a time, or a date alone: its midnight. Without an offset, it is UTC.',
  })

const created = {
  201: answers('The prediction', predictionSchema),
  202: answers('The prediction, before its output is complete', predictionSchema),
}

/** Makes predictions, and answers what has become of them. */
export function predictionRoutes(api: Api, deps: Deps): void {
  creations(api, deps)
  list(api, deps)
  lookUp(api, deps)
  cancellation(api, deps)
}

function list(api: Api, deps: Deps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/predictions',
      operationId: 'predictions.list',
      summary: 'List predictions, newest first',
      request: {
        query: cursorQuery.extend({
          created_after: time.optional(),
          created_before: time.optional(),
          source: z.enum(['web', 'api']).optional(),
        }),
      },
      responses: { 200: answers('One page of predictions', pageOf(predictionSchema)) },
    },
    async (c, { query }) => sendJson(c, await predictionsPage(c, deps, query)),
  )
}

function lookUp(api: Api, deps: Deps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/predictions/{prediction_id}',
      operationId: 'predictions.get',
      summary: 'Get a prediction',
      request: { params: idParams },
      responses: { 200: answers('The prediction', predictionSchema) },
    },
    async (c, { params: { prediction_id: id } }) => {
      const prediction = await find(c, deps, id, 'see')
      return prediction ? answer(c, deps, prediction) : answerExample(c, deps, id)
    },
  )
}

function cancellation(api: Api, deps: Deps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/predictions/{prediction_id}/cancel',
      operationId: 'predictions.cancel',
      summary: 'Cancel a prediction',
      description: 'A prediction that has finished does not change.',
      request: { params: idParams },
      responses: { 200: answers('The prediction', predictionSchema) },
    },
    async (c, { params }) => {
      const prediction = await find(c, deps, params.prediction_id, 'cancel')
      if (!prediction) return answerExample(c, deps, params.prediction_id)
      const { runner, log } = deps
      runner.cancel(prediction.id).catch((error) => log.error({ error }, 'A cancel failed'))
      return answer(c, deps, await runner.settledWithin(prediction.id, cancelWaitMs))
    },
  )
}

function creations(api: Api, deps: Deps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/predictions',
      operationId: 'predictions.create',
      summary: 'Create a prediction with a version',
      request: {
        body: takes(z.strictObject({ version: z.string().max(300), ...predictionRequest })),
      },
      responses: created,
    },
    async (c, { body }) => {
      const found = await findVersion(deps, body.version)
      if (!found.ok) return sendProblem(c, found.problem)
      return createPrediction(c, deps, found.model, body)
    },
  )
  serve(
    api,
    {
      method: 'post',
      path: '/v1/models/{model_owner}/{model_name}/predictions',
      operationId: 'models.predictions.create',
      summary: 'Create a prediction with a model',
      request: {
        params: z.object({ model_owner: z.string(), model_name: z.string() }),
        body: takes(z.strictObject(predictionRequest)),
      },
      responses: created,
    },
    async (c, { params, body }) => {
      const ref = parseModelRef(`${params.model_owner}/${params.model_name}`)
      const model = ref && (await deps.runner.findModel(ref))
      if (!model) return sendProblem(c, notFound('The specified model does not exist'))
      return createPrediction(c, deps, model, body)
    },
  )
}

async function find(
  c: ApiContext,
  { runner }: Deps,
  id: string,
  action: Action,
): Promise<Prediction | null> {
  const prediction = isId(id) ? await runner.find(id) : null
  return prediction && may(c.get('viewer'), action, prediction) ? prediction : null
}

/** An input that a model comes with is shown as a prediction that has ended. */
async function answerExample(c: ApiContext, deps: Deps, id: string): Promise<Response> {
  const example = isId(id) ? await givenExampleAt(c, deps, id) : null
  return example ? sendJson(c, example) : sendProblem(c, noPrediction)
}

async function answer(c: ApiContext, deps: Deps, prediction: Prediction | null): Promise<Response> {
  if (!prediction) return sendProblem(c, noPrediction)
  return c.body(await writtenAnswer(deps, originOf(c, deps), prediction), 200, jsonHeaders)
}
