import type { JsonObject } from '../json/json.ts'

/** Why a model ended its answer: by itself, or at the most tokens that it may make or hold. */
export type FinishReason = 'stop' | 'length'

/** Why the answer of a run ended, as its provider tells it; null when it does not. */
export function finishReason({ finish_reason: reason }: JsonObject): FinishReason | null {
  return reason === 'stop' || reason === 'length' ? reason : null
}

/** The metric by which a provider tells why an answer ended. */
export function finishMetric(reason: FinishReason): JsonObject {
  return { finish_reason: reason }
}

const tooLong = 'context_length_exceeded'

/** Whether a run failed since its conversation is longer than the model takes, as its provider tells it. */
export function isTooLong({ error_code: code }: JsonObject): boolean {
  return code === tooLong
}

/** The metric by which a provider tells that a conversation is longer than its model takes. */
export const tooLongMetric: JsonObject = { error_code: tooLong }
