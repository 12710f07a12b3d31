import type { Json, JsonObject } from '../json/json.ts'

/** The tokens of a run, as its metrics count them. */
export interface TokenFigures {
  /** Those of the question and of the answer, such as `1,204 + 31`; empty when neither is known. */
  readonly tokens: string
  /** Rounded to one decimal; null when it is not known. */
  readonly tokensPerSecond: number | null
  /** From the start of the run, in milliseconds; null when it is not known. */
  readonly firstTokenMs: number | null
  readonly reasoning: Reasoning | null
  readonly context: ContextUse | null
}

/** The reasoning of a model before its answer, which is in the logs of its run. */
export interface Reasoning {
  /** Null while it lasts, and where it was not measured. */
  readonly ms: number | null
  /** Null when they are not counted apart. */
  readonly tokens: number | null
}

/** How much of a model's context a question and its answer take up, in tokens. */
export interface ContextUse {
  readonly used: number
  readonly most: number
  /** Whether another question and its answer may not fit. */
  readonly isNearlyFull: boolean
}

/** Reads metrics by Replicate's names. */
export function tokenFigures(metrics: JsonObject): TokenFigures {
  const counts = [metrics.input_token_count, metrics.output_token_count].map(positive)
  const known = counts.filter((count) => count !== null)
  const speed = positive(metrics.tokens_per_second)
  return {
    tokens: known.map(formatCount).join(' + '),
    tokensPerSecond: speed === null ? null : Math.round(speed * 10) / 10,
    firstTokenMs: msIn(metrics.time_to_first_token),
    reasoning: Object.hasOwn(metrics, 'reasoning_time')
      ? { ms: msIn(metrics.reasoning_time), tokens: positive(metrics.reasoning_token_count) }
      : null,
    context: contextIn(metrics.context_token_limit, known),
  }
}

/** A count as figures are written: `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB')
}

/** How many tokens of a context are used: `1,204 of 8,192`. */
export function contextShare({ used, most }: ContextUse): string {
  return `${formatCount(used)} of ${formatCount(most)}`
}

/** The share of the context that a next turn needs, and the most tokens of that. */
const nextTurn = { share: 0.2, tokens: 2_000 }

function contextIn(limit: Json | undefined, counts: readonly number[]): ContextUse | null {
  const most = positive(limit)
  if (most === null || counts.length === 0) return null
  const used = counts.reduce((sum, count) => sum + count, 0)
  const needed = Math.min(most * nextTurn.share, nextTurn.tokens)
  return { used, most, isNearlyFull: most - used < needed }
}

function msIn(json: Json | undefined): number | null {
  const seconds = positive(json)
  return seconds === null ? null : seconds * 1000
}

/** Null for anything that is no number above 0. */
export function positive(json: Json | undefined): number | null {
  const number = typeof json === 'bigint' ? Number(json) : json
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : null
}
