import { z } from '@hono/zod-openapi'
import { isId } from '../../../domain/id.ts'
import { parseModelRef } from '../../../domain/model-ref.ts'
import type { PredictionAction } from '../../../domain/policy.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { findAllowed } from '../../people/looks.ts'
import { originOf } from '../../request/page.tsx'
import { usableModels } from '../../request/usable-models.ts'
import type { ApiDeps } from '../api-deps.ts'
import { findBuiltInExample } from '../models/examples.ts'
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
import { predictionRequest, predictionSchema } from '../schemas.ts'
import { createPrediction } from './creation.ts'
import { writtenAnswer } from './prediction-answer.ts'
import { predictionListRoute } from './predictions-page.ts'

/** A cancel is answered when the run has ended, or after this. */
const cancelWaitMs = 5_000

const noPrediction = notFound('The specified prediction does not exist')
const idParams = z.object({ prediction_id: z.string() })
const created = {
  201: answers('The prediction', predictionSchema),
  202: answers('The prediction, before its output is complete', predictionSchema),
}

/** Creates, reads and cancels predictions. */
export function predictionRoutes(api: Api, deps: ApiDeps): void {
  creationByVersion(api, deps)
  creationByModel(api, deps)
  predictionListRoute(api, deps)
  lookUp(api, deps)
  cancellation(api, deps)
}

function lookUp(api: Api, deps: ApiDeps): void {
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

function cancellation(api: Api, deps: ApiDeps): void {
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

function creationByVersion(api: Api, deps: ApiDeps): void {
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
      const found = await findVersion(deps, c.get('viewer'), body.version)
      if (!found.ok) return sendProblem(c, found.problem)
      return createPrediction(c, deps, found.model, body)
    },
  )
}

function creationByModel(api: Api, deps: ApiDeps): void {
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
      const model = ref && (await usableModels(deps, c.get('viewer')).find(ref))
      if (!model) return sendProblem(c, notFound('The specified model does not exist'))
      return createPrediction(c, deps, model, body)
    },
  )
}

function find(
  c: ApiContext,
  deps: ApiDeps,
  id: string,
  action: PredictionAction,
): Promise<Prediction | null> {
  return findAllowed(c, deps, c.get('viewer'), id, action)
}

/** Answers with an example that a model brings; 404 when no model brings this one. */
async function answerExample(c: ApiContext, deps: ApiDeps, id: string): Promise<Response> {
  const example = isId(id) ? await findBuiltInExample(c, deps, id) : null
  return example ? sendJson(c, example) : sendProblem(c, noPrediction)
}

async function answer(
  c: ApiContext,
  deps: ApiDeps,
  prediction: Prediction | null,
): Promise<Response> {
  if (!prediction) return sendProblem(c, noPrediction)
  return c.body(await writtenAnswer(deps, originOf(c, deps), prediction), 200, jsonHeaders)
}
