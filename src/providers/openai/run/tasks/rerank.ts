import { formatJson, type JsonObject } from '../../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../../domain/json/parts.ts'
import type { ServerRunOptions } from '../options.ts'
import { jsonIn } from '../send.ts'
import type { Task } from '../task.ts'
import { jsonBytes, reportTokens, reportUnexpected } from './json-answer.ts'

/** Puts texts in the order in which they fit a question. Some servers answer in another order. */
export function createRerankTask({ run, limits }: ServerRunOptions): Task {
  const { query, top_n: most } = run.input
  const documents = listIn(run.input.documents).map(textIn)
  return {
    async request({ served }) {
      const top = typeof most === 'number' ? { top_n: most } : {}
      const body = { model: served.id, query: textIn(query), documents, ...top }
      return { path: '/rerank', body: formatJson(body) }
    },
    async *read(answer) {
      const bytes = await jsonBytes(answer, { ...limits, maxAnswerBytes: limits.maxLineUnits })
      const json = bytes ? jsonIn(bytes.toString('utf8')) : undefined
      const { results, ...rest } = objectIn(json)
      if (!Array.isArray(results)) return yield* reportUnexpected(answer, json)
      const ranked = listIn(results)
        .map((one) => rankOf(objectIn(one), documents))
        .sort((a, b) => b.relevance_score - a.relevance_score)
      const shown = typeof most === 'number' ? ranked.slice(0, most) : ranked
      yield { type: 'emitted', index: 0, chunks: [shown] }
      yield* reportTokens(rest)
      yield { type: 'succeeded' }
    },
  }
}

function rankOf(result: JsonObject, documents: readonly string[]) {
  const { index, relevance_score: score } = result
  const at = typeof index === 'number' ? index : -1
  return {
    index: at,
    relevance_score: typeof score === 'number' ? score : 0,
    document: documents[at] ?? '',
  }
}
