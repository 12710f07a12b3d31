import { z } from '@hono/zod-openapi'
import { isDescribed } from '../../../domain/model/model.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { unknownSchema } from '../../../domain/schema/schema.ts'
import type { ApiDeps } from '../api-deps.ts'
import { readBodyText } from '../body.ts'
import { type Listing, sendListed } from '../paging.ts'
import { sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, serve } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'
import { type ListedModel, listModels } from './listed-models.ts'
import { modelsJson } from './model-json.ts'
import { modelSchema } from './model-schemas.ts'

const mostQueryBytes = 10_000

const listQuery = cursorQuery.extend({
  sort_by: z
    .enum(['model_created_at', 'latest_version_created_at'])
    .default('latest_version_created_at'),
  sort_direction: z.enum(['asc', 'desc']).default('desc'),
})

/** The list of models, and the search of them. */
export function modelListRoutes(api: Api, deps: ApiDeps): void {
  list(api, deps)
  search(api, deps)
}

function list(api: Api, deps: ApiDeps): void {
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
      const listed = await listModels(deps, c.get('viewer'))
      const sorted = listed.toSorted((a, b) => sign * (madeAt(a) - madeAt(b)))
      return sendListed(c, deps, sorted, listing(c, deps))
    },
  )
}

function search(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      // OpenAPI knows QUERY from version 3.2; Replicate’s document uses it in 3.1.
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
              schema: z.string().openapi({
                description:
                  'All words must match, in the name, the description, the inputs, the examples or the README.',
              }),
            },
          },
        },
      },
      responses: { 200: answers('A page of models', pageOf(modelSchema)) },
    },
    async (c) => {
      const text = await readBodyText(c, mostQueryBytes)
      if (text === null) return sendProblem(c, { status: 413, detail: 'The query is too long.' })
      const listed = await listModels(deps, c.get('viewer'))
      const found = await searchListed(deps, listed, unquoted(text))
      return sendListed(
        c,
        deps,
        found.map(({ model }) => model),
        listing(c, deps),
      )
    },
  )
}

function listing(c: ApiContext, deps: ApiDeps): Listing<ListedModel> {
  return {
    keyOf: ({ ref }) => modelName(ref),
    json: (listed) => modelsJson(c, deps, listed),
  }
}

/** Models that match a query, best match first. */
export async function searchListed(
  { modelSearch }: ApiDeps,
  listed: readonly ListedModel[],
  query: string,
) {
  return modelSearch.find(listed.map(searchable), query)
}

const withoutVersion = { version: { schema: unknownSchema }, examples: [] }

function searchable(one: ListedModel) {
  const { description, readme, tags } = one.about
  const { version, examples } = one.model ?? withoutVersion
  return { ...one, description, readme, tags, version, examples }
}

/** Replicate’s client sends the text as JSON although its content type is `text/plain`. */
function unquoted(text: string): string {
  if (!/^\s*".*"\s*$/s.test(text)) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

function modelMadeAt(listed: ListedModel): number {
  return listed.record?.createdAt ?? versionMadeAt(listed)
}

function versionMadeAt({ model }: ListedModel): number {
  return model && isDescribed(model) ? model.version.createdAt : 0
}
