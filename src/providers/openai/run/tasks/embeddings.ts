import { formatJson } from '../../../../domain/json/json.ts'
import { listIn, objectIn } from '../../../../domain/json/parts.ts'
import { createResponseReader } from '../../../response-reader.ts'
import type { ServerRunOptions } from '../options.ts'
import type { Task } from '../task.ts'
import { jsonBytes, reportTokens, reportUnexpected } from './json-answer.ts'

/** Turns texts into numbers. A large output is parsed by a worker. */
export function createEmbeddingTask({ run, folder, limits }: ServerRunOptions): Task {
  const { dimensions } = run.input
  const texts = typeof run.input.input === 'string' ? [run.input.input] : listIn(run.input.input)
  return {
    async request({ serving, served }) {
      const isOllama = serving.dialect.name === 'ollama'
      const body = {
        model: served.id,
        input: texts,
        ...(isOllama ? {} : { encoding_format: 'float' }),
        ...(typeof dimensions === 'number' ? { dimensions } : {}),
      }
      return { path: isOllama ? '/api/embed' : '/embeddings', body: formatJson(body) }
    },
    async *read(answer) {
      const bytes = await jsonBytes(answer, limits)
      const responses = createResponseReader({ run, folder, addresses: [], shape: 'embeddings' })
      try {
        const { json, large } = bytes
          ? await responses.read(bytes)
          : { json: undefined, large: null }
        const { output = null, ...rest } = objectIn(json)
        if (large) yield await responses.spill(large)
        else if (output === null) return yield* reportUnexpected(answer, json)
        else yield { type: 'emitted', index: 0, chunks: [output] }
        yield* reportTokens(rest)
        yield { type: 'succeeded' }
      } finally {
        await responses.close()
      }
    },
  }
}
