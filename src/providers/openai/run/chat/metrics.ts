import type { JsonObject } from '../../../../domain/json/json.ts'
import type { Figures } from './parts.ts'

export interface Times {
  /** By `performance.now()`: when it was sent, and when the first and the last of it came. */
  readonly since: number | null
  readonly reasoning: number
  readonly text: number
  readonly last: number
}

/** The figures of a run by Replicate's names; times in seconds. */
export function metricsOf(figures: Figures, times: Times): JsonObject {
  const { since, reasoning, text, last } = times
  const { inputTokens, outputTokens, reasoningTokens } = figures
  const first = reasoning || text
  const seconds = (last - first) / 1_000
  const speed =
    figures.tokensPerSecond ??
    (outputTokens !== undefined && outputTokens > 1 && seconds > 0 && since !== null
      ? (outputTokens - 1) / seconds
      : undefined)
  return {
    ...(inputTokens === undefined ? {} : { input_token_count: inputTokens }),
    ...(outputTokens === undefined ? {} : { output_token_count: outputTokens }),
    ...(reasoningTokens ? { reasoning_token_count: reasoningTokens } : {}),
    ...(speed === undefined ? {} : { tokens_per_second: rounded(speed) }),
    ...(first === 0 || since === null
      ? {}
      : { time_to_first_token: rounded((first - since) / 1_000) }),
    ...reasoningTime(times),
  }
}

/** From its first piece to that of the answer, if it reasoned. */
export function reasoningTime({ since, reasoning, text, last }: Times): JsonObject {
  if (reasoning === 0 || since === null) return {}
  return { reasoning_time: rounded(((text || last) - reasoning) / 1_000) }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
