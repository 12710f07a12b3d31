import { z } from '@hono/zod-openapi'
import type { ApiDeps } from '../api-deps.ts'
import { pageJson } from '../paging.ts'
import { notFound, sendProblem } from '../problem.ts'
import { type Api, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'

const noTraining = notFound('The specified training does not exist')
const idParams = z.object({ training_id: z.string() })
const none = { 404: { description: 'Training is not supported, so there are none.' } }

/** Answers that there are no trainings: Sandpit trains no models. */
export function trainingRoutes(api: Api, deps: ApiDeps): void {
  listing(api, deps)
  lookUp(api, deps)
  cancellation(api, deps)
  creation(api, deps)
}

function listing(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/trainings',
      operationId: 'trainings.list',
      summary: 'List trainings (always empty)',
      request: { query: cursorQuery },
      responses: { 200: answers('An empty page', pageOf(z.record(z.string(), z.unknown()))) },
    },
    (c) => sendJson(c, pageJson(c, deps, [], null)),
  )
}

function lookUp(api: Api, _deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/trainings/{training_id}',
      operationId: 'trainings.get',
      summary: 'Get a training (not supported)',
      request: { params: idParams },
      responses: none,
    },
    (c) => sendProblem(c, noTraining),
  )
}

function cancellation(api: Api, _deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/trainings/{training_id}/cancel',
      operationId: 'trainings.cancel',
      summary: 'Cancel a training (not supported)',
      request: { params: idParams },
      responses: none,
    },
    (c) => sendProblem(c, noTraining),
  )
}

function creation(api: Api, _deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/models/{model_owner}/{model_name}/versions/{version_id}/trainings',
      operationId: 'trainings.create',
      summary: 'Train a model (not supported)',
      request: {
        params: z.object({
          model_owner: z.string(),
          model_name: z.string(),
          version_id: z.string(),
        }),
      },
      responses: { 501: { description: 'Training is not supported.' } },
    },
    (c) =>
      sendProblem(c, {
        title: 'Training is not supported',
        detail:
          'Sandpit runs models but does not train them. Train the model elsewhere, then add it as a container or a folder.',
        status: 501,
      }),
  )
}
