import { z } from '@hono/zod-openapi'
import { formatJson, type JsonObject } from '../../../domain/json/json.ts'
import { momentIn } from '../../../domain/moment.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../../store/store.ts'
import { originOf } from '../../request/page.tsx'
import type { ApiDeps } from '../api-deps.ts'
import { pageJson, pageLength } from '../paging.ts'
import { type Api, type ApiContext, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, pageOf, predictionSchema } from '../schemas.ts'
import { predictionAnswer } from './prediction-answer.ts'

const time = z
  .string()
  .refine((text) => momentIn(text) !== null, "Does not match format 'date-time'")
  .openapi({
    format: 'date-time',
    description: 'A date and a time, or a date alone: its midnight. Without an offset, it is UTC.',
  })

/** Lists predictions, newest first. */
export function predictionListRoute(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/predictions',
      operationId: 'predictions.list',
      summary: 'List predictions of the token’s account, newest first',
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

interface PageQuery {
  readonly cursor?: string | undefined
  readonly created_after?: string | undefined
  readonly created_before?: string | undefined
  readonly source?: Prediction['source'] | undefined
}

/** A page ends early when its JSON is longer than this, in UTF-16 units. */
const mostUnits = 2 ** 20

/** One page of predictions with their outputs and logs. Files are URLs in lists, never data. */
async function predictionsPage(
  c: ApiContext,
  deps: ApiDeps,
  query: PageQuery,
): Promise<JsonObject> {
  const { store, runner } = deps
  const filter = { ...filterOf(query), account: c.get('account') }
  const listed = await store.page(filter, pageLength, query.cursor ?? null)
  const origin = originOf(c, deps)
  const inList = { ...deps, config: { ...deps.config, apiFiles: 'url' as const } }
  const results: JsonObject[] = []
  let units = 0
  for (const [at, { id }] of listed.predictions.entries()) {
    const prediction = await runner.find(id)
    const json = prediction && (await predictionAnswer(inList, origin, prediction))
    if (!json) continue
    results.push(json)
    units += formatJson(json).length
    if (units > mostUnits) {
      const shorter = await store.page(filter, at + 1, query.cursor ?? null)
      return pageJson(c, deps, results, shorter.next)
    }
  }
  return pageJson(c, deps, results, listed.next)
}

function filterOf({ created_after, created_before, source }: PageQuery): PredictionFilter {
  const after = momentIn(created_after ?? '')
  const before = momentIn(created_before ?? '')
  return {
    ...(source ? { source } : {}),
    // The API’s bound is inclusive, the store’s is not.
    ...(after === null ? {} : { createdAfter: after - 1 }),
    ...(before === null ? {} : { createdBefore: before }),
  }
}
