import type { Deps } from '../../../deps.ts'
import { formatJson, type JsonObject } from '../../../domain/json/json.ts'
import { momentIn } from '../../../domain/moment.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../../store/store.ts'
import { originOf } from '../../request/page.tsx'
import { pageJson, pageLength } from '../paging.ts'
import type { ApiContext } from '../route.ts'
import { predictionAnswer } from './prediction-answer.ts'

export interface PageQuery {
  readonly cursor?: string | undefined
  readonly created_after?: string | undefined
  readonly created_before?: string | undefined
  readonly source?: Prediction['source'] | undefined
}

/** A page ends early when what it holds has become more text than this. */
const mostUnits = 2 ** 20

/** One page of predictions, whole ones: outputs and logs too. Files are addresses in a list. */
export async function predictionsPage(
  c: ApiContext,
  deps: Deps,
  query: PageQuery,
): Promise<JsonObject> {
  const { store, runner } = deps
  const filter = filterOf(query)
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
    // “At or after” is after the millisecond before.
    ...(after === null ? {} : { createdAfter: after - 1 }),
    ...(before === null ? {} : { createdBefore: before }),
  }
}
