import { isList, isObject, type Json, type JsonObject } from '../../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../../domain/json/parts.ts'
import { messageIn } from '../refusal.ts'

/** What a line of a stream says. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** How much of the question is read, from 0 to 1. */
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'figures'; readonly figures: Figures }
  /** The model ended, and why: `stop`, `length`. */
  | { readonly type: 'finished'; readonly reason: string }
  | { readonly type: 'failed'; readonly message: string }

/** Figures of a run, as far as a server gives them. */
export interface Figures {
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly reasoningTokens?: number
  readonly tokensPerSecond?: number
}

const noReason = 'The server reported an error without a reason.'

/** The parts of a chunk in OpenAI's form, or of a whole response, in the order in which they are to be told. */
export function chunkParts(json: Json | undefined): readonly Part[] {
  if (!isObject(json)) return []
  const failure = failureIn(json)
  if (failure !== null) return [{ type: 'failed', message: failure }]
  const choice = objectIn(listIn(json.choices)[0])
  const delta = objectIn(choice.delta ?? choice.message)
  const reasoning = delta.reasoning_content ?? delta.reasoning
  const reason = choice.finish_reason
  return [
    ...progressIn(json.prompt_progress),
    ...textPart('reasoning', textOf(reasoning)),
    ...textPart('text', textOf(delta.content ?? choice.text)),
    ...figuresOf(usageFigures(json)),
    ...(typeof reason === 'string' && reason !== '' ? [{ type: 'finished', reason } as const] : []),
  ]
}

/** The parts of a line of Ollama's own API. */
export function ollamaParts(json: Json | undefined): readonly Part[] {
  if (!isObject(json)) return []
  const failure = failureIn(json)
  if (failure !== null) return [{ type: 'failed', message: failure }]
  const message = objectIn(json.message)
  const text = [
    ...textPart('reasoning', textOf(message.thinking)),
    ...textPart('text', textOf(message.content)),
  ]
  if (json.done !== true) return text
  const reason = textIn(json.done_reason) || 'stop'
  return [...text, ...figuresOf(ollamaFigures(json)), { type: 'finished', reason }]
}

/** An error, however it is written; null for anything else. */
function failureIn(json: JsonObject): string | null {
  const { error, object } = json
  const isError = (error !== undefined && error !== null) || object === 'error'
  return isError ? (messageIn(json) ?? noReason) : null
}

/** A text, or a list of parts of which some are texts. */
function textOf(json: Json | undefined): string {
  if (!isList(json)) return textIn(json)
  return json.map((part) => textIn(objectIn(part).text)).join('')
}

function textPart(type: 'text' | 'reasoning', text: string): readonly Part[] {
  return text === '' ? [] : [{ type, text }]
}

function progressIn(json: Json | undefined): readonly Part[] {
  const { total, processed } = objectIn(json)
  if (typeof total !== 'number' || typeof processed !== 'number' || !(total > 0)) return []
  return [{ type: 'progress', fraction: Math.min(1, Math.max(0, processed / total)) }]
}

function figuresOf(figures: Figures): readonly Part[] {
  return Object.keys(figures).length === 0 ? [] : [{ type: 'figures', figures }]
}

function usageFigures({ usage, timings }: JsonObject): Figures {
  const { prompt_tokens, completion_tokens, completion_tokens_details } = objectIn(usage)
  const { predicted_per_second } = objectIn(timings)
  return {
    ...figure('inputTokens', prompt_tokens),
    ...figure('outputTokens', completion_tokens),
    ...figure('reasoningTokens', objectIn(completion_tokens_details).reasoning_tokens),
    ...figure('tokensPerSecond', predicted_per_second),
  }
}

/** Its durations are in nanoseconds. */
function ollamaFigures({ prompt_eval_count, eval_count, eval_duration }: JsonObject): Figures {
  const speed =
    typeof eval_count === 'number' && typeof eval_duration === 'number' && eval_duration > 0
      ? (eval_count / eval_duration) * 1e9
      : undefined
  return {
    ...figure('inputTokens', prompt_eval_count),
    ...figure('outputTokens', eval_count),
    ...figure('tokensPerSecond', speed),
  }
}

function figure(name: keyof Figures, value: Json | undefined): Figures {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? { [name]: value } : {}
}
