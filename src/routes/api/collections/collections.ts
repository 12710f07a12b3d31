import { z } from '@hono/zod-openapi'
import { allCollections, type Collection } from '../../../domain/model/collection.ts'
import { modelName } from '../../../domain/model-ref.ts'
import type { ApiDeps } from '../api-deps.ts'
import { type ListedModel, listModels } from '../models/listed-models.ts'
import { modelsJson } from '../models/model-json.ts'
import { searchListed } from '../models/model-lists.ts'
import { collectionItemSchema, collectionSchema, searchSchema } from '../models/model-schemas.ts'
import { sendListed } from '../paging.ts'
import { notFound, sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'

const badLimit = 'Query parameter "limit" must be a whole number from 1 to 50'

const searchQuery = z.object({
  query: z
    .string({ error: 'Query parameter "query" is required' })
    .trim()
    .min(1, 'Query parameter "query" is required')
    .max(1_000, 'Query parameter "query" must have at most 1000 characters'),
  limit: z.coerce
    .number({ error: badLimit })
    .int(badLimit)
    .min(1, badLimit)
    .max(50, badLimit)
    .default(20),
})

/** Collections, which an operator put together or which are the models of one owner, and the search for models and collections. */
export function collectionRoutes(api: Api, deps: ApiDeps): void {
  listing(api, deps)
  lookUp(api, deps)
  search(api, deps)
}

function listing(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/collections',
      operationId: 'collections.list',
      summary: 'List collections: those that operators made, then one for each owner of models',
      request: { query: cursorQuery },
      responses: { 200: answers('A page of collections', pageOf(collectionItemSchema)) },
    },
    async (c) =>
      sendListed(c, deps, await collectionsFor(c, deps), {
        keyOf: ({ slug }) => slug,
        json: (shown) => shown.map(itemJson),
      }),
  )
}

function lookUp(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/collections/{collection_slug}',
      operationId: 'collections.get',
      summary: 'Get a collection with its models',
      request: { params: z.object({ collection_slug: z.string() }) },
      responses: { 200: answers('The collection', collectionSchema) },
    },
    async (c, { params }) => {
      const all = await collectionsFor(c, deps)
      const found = all.find(({ slug }) => slug === params.collection_slug)
      if (!found) return sendProblem(c, notFound('There is no collection with this name.'))
      const models = await modelsJson(c, deps, found.models)
      return sendJson(c, { ...itemJson(found), full_description: found.summary, models })
    },
  )
}

function search(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/search',
      operationId: 'search',
      summary: 'Search models and collections',
      request: {
        query: searchQuery,
      },
      responses: {
        200: answers('Matching models and collections, best match first', searchSchema),
        400: { description: 'The query is missing, or the query or limit is not valid.' },
      },
      refusedWith: 400,
    },
    async (c, { query: { query, limit } }) => {
      const listed = await listModels(deps, c.get('viewer'))
      const found = (await searchListed(deps, listed, query)).slice(0, limit)
      const models = await modelsJson(
        c,
        deps,
        found.map(({ model }) => model),
      )
      const collections = allCollections(deps.collections.all(), listed).filter((one) =>
        isNamed(one, query),
      )
      return sendJson(c, {
        query,
        models: models.map((model, index) => ({
          model,
          metadata: { generated_description: null, tags: [], score: found[index]?.score ?? null },
        })),
        collections: collections.map((one) => ({
          ...itemJson(one),
          models: one.models.map(({ ref }) => modelName(ref)),
        })),
        pages: [],
      })
    },
  )
}

async function collectionsFor(c: ApiContext, deps: ApiDeps) {
  return allCollections(deps.collections.all(), await listModels(deps, c.get('viewer')))
}

function itemJson({ slug, title, description }: Collection<ListedModel>) {
  return { name: title, slug, description }
}

function isNamed({ slug, title }: Collection<unknown>, query: string): boolean {
  const asked = query.trim().toLowerCase()
  return asked !== '' && `${slug} ${title}`.toLowerCase().includes(asked)
}
