import type { JsonObject } from '../../../domain/json/json.ts'
import { modelName } from '../../../domain/model-ref.ts'
import {
  type FinishReason,
  finishReason,
  isTooLong,
} from '../../../domain/prediction/answer-end.ts'
import { hasFailed, hasSucceeded, type Prediction } from '../../../domain/prediction/prediction.ts'
import type { ApiError } from '../errors.ts'

/** A whole answer, but for its text. */
export function completionWithout(prediction: Prediction): JsonObject {
  const usage = usageOf(prediction)
  return {
    ...head(prediction, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: '', refusal: null },
        logprobs: null,
        finish_reason: finishOf(prediction),
      },
    ],
    ...(usage ? { usage } : {}),
  }
}

/** A part of an answer in a stream. */
export function completionChunk(
  prediction: Prediction,
  delta: JsonObject,
  reason: FinishReason | null = null,
): JsonObject {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }]
  return { ...head(prediction, 'chat.completion.chunk'), choices }
}

/** The chunk with how many tokens were used; null when that is not known. */
export function usageChunk(prediction: Prediction): JsonObject | null {
  const usage = usageOf(prediction)
  return usage && { ...head(prediction, 'chat.completion.chunk'), choices: [], usage }
}

/** The names that providers have for a count of tokens. */
const tokenNames = {
  prompt: ['input_token_count', 'input_tokens', 'prompt_tokens'],
  completion: ['output_token_count', 'output_tokens', 'completion_tokens'],
} as const

/** How many tokens were used, by the metrics of a run; null when they do not say it. */
export function usageOf({ metrics }: Pick<Prediction, 'metrics'>): JsonObject | null {
  const count = (names: readonly string[]) =>
    names.map((name) => metrics[name]).find((value) => typeof value === 'number')
  const prompt = count(tokenNames.prompt)
  const made = count(tokenNames.completion)
  if (prompt === undefined && made === undefined) return null
  const reasoning = count(['reasoning_token_count'])
  const [asked, answered] = [prompt ?? 0, made ?? 0]
  return {
    prompt_tokens: asked,
    completion_tokens: answered,
    total_tokens: asked + answered,
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  }
}

/** Programs expect a reason where the provider has none. */
export function finishOf({ metrics }: Pick<Prediction, 'metrics'>): FinishReason {
  return finishReason(metrics) ?? 'stop'
}

export type Outcome =
  | { readonly ok: true; readonly prediction: Prediction }
  /** Why it has no answer. */
  | { readonly ok: false; readonly error: ApiError }

/** How a run ended; null stands for one that was deleted. One that has not ended has lost its client. */
export function outcomeOf(prediction: Prediction | null): Outcome {
  if (!prediction) return failed('The prediction was deleted.', 'deleted')
  if (hasSucceeded(prediction)) return { ok: true, prediction }
  if (!hasFailed(prediction)) return failed('The prediction was canceled.', 'canceled')
  const sentence = prediction.error ?? 'The prediction failed.'
  // Programs shorten a conversation when they are told this code.
  if (isTooLong(prediction.metrics)) return failed(sentence, 'context_length_exceeded', 400)
  return failed(sentence, 'prediction_failed')
}

/** It has run, so it must not be sent again. */
function failed(detail: string, code: string, status: 400 | 500 = 500): Outcome {
  return { ok: false, error: { status, detail, code, retry: false } }
}

function head(
  { id, model, createdAt }: Prediction,
  object: 'chat.completion' | 'chat.completion.chunk',
): JsonObject {
  const created = Math.floor(createdAt / 1000)
  return { id: `chatcmpl-${id}`, object, created, model: modelName(model) }
}
