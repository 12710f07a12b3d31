import { z } from '@hono/zod-openapi'
import type { ApiDeps } from '../api-deps.ts'
import { sendListed } from '../paging.ts'
import { notFound, sendProblem } from '../problem.ts'
import { type Api, answers, serve } from '../route.ts'
import { cursorQuery, pageOf, predictionSchema } from '../schemas.ts'
import { examplesJson } from './examples.ts'
import { modelAt } from './listed-models.ts'
import { modelParams } from './model-schemas.ts'

const mostExamples = 1_000

/** An example that was not run has no stream. */
const exampleSchema = predictionSchema.extend({
  urls: predictionSchema.shape.urls.partial({ stream: true }),
})

/** The examples and the README of a model. */
export function modelPageRoutes(api: Api, deps: ApiDeps): void {
  examples(api, deps)
  readme(api, deps)
}

function examples(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}/examples',
      operationId: 'models.examples.list',
      summary: 'List the examples of a model',
      description:
        'Predictions added as examples first, then the examples that come with the model.',
      request: { params: modelParams, query: cursorQuery },
      responses: { 200: answers('A page of predictions', pageOf(exampleSchema)) },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { listed } = found
      const all = listed.model ? await examplesJson(c, deps, listed.model, mostExamples) : []
      return sendListed(c, deps, all, { keyOf: ({ id }) => String(id), json: (shown) => shown })
    },
  )
}

function readme(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}/readme',
      operationId: 'models.readme.get',
      summary: 'Get the README of a model',
      request: { params: modelParams },
      responses: {
        200: {
          description: 'Markdown',
          content: { 'text/plain': { schema: z.string() } },
        },
      },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { readme } = found.listed.about
      return readme === null
        ? sendProblem(c, notFound('This model has no README.'))
        : c.text(readme)
    },
  )
}
