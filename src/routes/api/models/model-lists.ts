import { z } from '@hono/zod-openapi'
import type { Deps } from '../../../deps.ts'
import { isDescribed } from '../../../domain/model/model.ts'
import { findModels } from '../../../domain/model/search.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { readBodyText } from '../body.ts'
import { sendListed } from '../listed.ts'
import { sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, serve } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'
import { type ListedModel, listModels, modelsJson } from './model-json.ts'
import { modelSchema } from './model-schemas.ts'

const mostQueryBytes = 10_000

const listQuery = cursorQuery.extend({
  sort_by: z
    .enum(['model_created_at', 'latest_version_created_at'])
    .default('latest_version_created_at'),
  sort_direction: z.enum(['asc', 'desc']).default('desc'),
})

/** All models, and those that fit a query. */
export function modelListRoutes(api: Api, deps: Deps): void {
  const listing = (c: ApiContext) => ({
    keyOf: ({ ref }: ListedModel) => modelName(ref),
    json: (listed: readonly ListedModel[]) => modelsJson(c, deps, listed),
  })
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models',
      operationId: 'models.list',
      summary: 'List models',
      request: { query: listQuery },
      responses: { 200: answers('A page of models', pageOf(modelSchema)) },
    },
    async (c, { query }) => {
      const sign = query.sort_direction === 'asc' ? 1 : -1
      const madeAt = query.sort_by === 'model_created_at' ? modelMadeAt : versionMadeAt
      const listed = await listModels(deps)
      const sorted = listed.toSorted((a, b) => sign * (madeAt(a) - madeAt(b)))
      return sendListed(c, deps, sorted, listing(c))
    },
  )
  serve(
    api,
    {
      // OpenAPI has no name for this method before 3.2; Replicate's own document says it so.
      method: 'query' as 'get',
      path: '/v1/models',
      operationId: 'models.search',
      summary: 'Search models',
      request: {
        query: cursorQuery,
        body: {
          required: true,
          content: {
            'text/plain': {
              schema: z.string().openapi({ description: 'All words must match.' }),
            },
          },
        },
      },
      responses: { 200: answers('A page of models', pageOf(modelSchema)) },
    },
    async (c) => {
      const text = await readBodyText(c, mostQueryBytes)
      if (text === null) return sendProblem(c, { status: 413, detail: 'The query is too long.' })
      const found = searchListed(await listModels(deps), unquoted(text))
      return sendListed(
        c,
        deps,
        found.map(({ model }) => model),
        listing(c),
      )
    },
  )
}

/** Best first. */
export function searchListed(listed: readonly ListedModel[], query: string) {
  const searched = listed.map((one) => ({
    ...one,
    description: one.model?.description ?? one.record?.details.description ?? '',
  }))
  return findModels(searched, query)
}

/** Replicate's client sends the text as JSON, whatever it says of its type. */
function unquoted(text: string): string {
  if (!/^\s*".*"\s*$/s.test(text)) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

function modelMadeAt({ ref, model, record }: ListedModel): number {
  return record?.createdAt ?? versionMadeAt({ ref, model, record })
}

function versionMadeAt({ model }: ListedModel): number {
  return model && isDescribed(model) ? model.version.createdAt : 0
}
