import type { Json, JsonObject } from '../json/json.ts'

/** The tokens of a run, as its metrics count them. */
export interface TokenFigures {
  /** Those of the question and of the answer, such as `1,204 + 31`; empty when neither is known. */
  readonly tokens: string
  /** Rounded to one decimal; null when it is not known. */
  readonly tokensPerSecond: number | null
  /** From the start of the run, in milliseconds; null when it is not known. */
  readonly firstTokenMs: number | null
}

/** Reads metrics by Replicate's names. */
export function tokenFigures(metrics: JsonObject): TokenFigures {
  const counts = [metrics.input_token_count, metrics.output_token_count].map(positive)
  const known = counts.filter((count) => count !== null)
  const speed = positive(metrics.tokens_per_second)
  const first = positive(metrics.time_to_first_token)
  return {
    tokens: known.map((count) => count.toLocaleString('en-GB')).join(' + '),
    tokensPerSecond: speed === null ? null : Math.round(speed * 10) / 10,
    firstTokenMs: first === null ? null : first * 1000,
  }
}

function positive(json: Json | undefined): number | null {
  const number = typeof json === 'bigint' ? Number(json) : json
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : null
}
