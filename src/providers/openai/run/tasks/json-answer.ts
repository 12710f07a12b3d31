import type { JsonObject } from '../../../../domain/json/json.ts'
import { isObject } from '../../../../domain/json/json.ts'
import { objectIn } from '../../../../domain/json/parts.ts'
import type { Occurrence } from '../../../../domain/prediction/event.ts'
import { collect } from '../../../upstream/collect.ts'
import type { OpenAiLimits } from '../../limits.ts'
import { failureOf, messageIn, reportFailure } from '../refusal.ts'
import type { Answer } from '../task.ts'

/** The whole body of a response that is JSON; null for anything else. Throws `RequestError`. */
export async function jsonBytes(
  { response: { type, body } }: Answer,
  { maxAnswerBytes }: OpenAiLimits,
): Promise<Buffer<ArrayBuffer> | null> {
  return type === 'application/json' ? collect(body, maxAnswerBytes) : null
}

/** Reports that a response is not what it should be, with the server's reason if it has one. */
export function* reportUnexpected(
  { slot: { server }, response: { type } }: Answer,
  json: JsonObject[string] | undefined,
): Generator<Occurrence> {
  const message = isObject(json) ? messageIn(json) : null
  if (message !== null) return yield* reportFailure(failureOf(message))
  const what = type === '' ? 'a body without a type' : `a body of the type ${type}`
  const error = `The server at ${server.base} answered with something else than was asked for: ${what}.`
  yield { type: 'failed', error }
}

/** The tokens that a server counted, as metrics. */
export function* reportTokens(json: JsonObject): Generator<Occurrence> {
  const { prompt_tokens, input_tokens, output_tokens } = objectIn(json.usage)
  const read = [prompt_tokens, input_tokens, json.prompt_eval_count]
  const input = read.find((one) => typeof one === 'number')
  const metrics = {
    ...(input === undefined ? {} : { input_token_count: input }),
    ...(typeof output_tokens === 'number' ? { output_token_count: output_tokens } : {}),
  }
  if (Object.keys(metrics).length > 0) yield { type: 'measured', metrics }
}
