import type { JsonObject } from '../../../../domain/json/json.ts'
import type { Occurrence } from '../../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../../bounded-log.ts'
import { RequestError } from '../../../upstream/client.ts'
import type { OpenAiLimits } from '../../limits.ts'
import type { Figures, Part } from './parts.ts'

export type ChatReporter = ReturnType<typeof createChatReporter>

export interface Known {
  /** Chunks of output that are saved. */
  readonly chunks: number
  /** UTF-16 units of the text that they hold: so much of a repeated stream is left out. */
  readonly units: number
}

/**
 * Reports the answer of a chat model as output, its reasoning as logs, and its figures. `sinceMs` is when it was
 * asked, by `performance.now()`; null for a stream that is followed on, whose times are not known.
 */
export function createChatReporter(
  known: Known,
  limits: Pick<OpenAiLimits, 'maxLogUnits' | 'maxTextUnits'>,
  sinceMs: number | null,
) {
  const logged = createBoundedLog(limits.maxLogUnits)
  let chunks = known.chunks
  let toSkip = known.units
  let units = 0
  let isLineOpen = false
  let isReading = false
  let figures: Figures = {}
  const times = { reasoning: 0, text: 0, last: 0 }

  function* write(text: string): Generator<Occurrence> {
    if (text !== '') isLineOpen = !text.endsWith('\n')
    yield* logged(text)
  }

  function* emit(text: string): Generator<Occurrence> {
    units += text.length
    if (units > limits.maxTextUnits) throw new RequestError('its answer has no end', true)
    // The reasoning has ended: what is noted later begins on a line of its own.
    if (isLineOpen) yield* write('\n')
    const fresh = text.slice(toSkip)
    toSkip -= text.length - fresh.length
    if (fresh !== '') yield { type: 'emitted', index: chunks++, chunks: [fresh] }
  }

  return {
    /** Reports parts that came together: texts that follow each other as one. */
    *report(parts: readonly Part[]): Generator<Occurrence> {
      const now = performance.now()
      let progress: number | null = null
      for (const part of joined(parts)) {
        if (part.type === 'progress') progress = part.fraction
        if (part.type === 'figures') figures = { ...figures, ...part.figures }
        if (part.type === 'reasoning') {
          times.reasoning ||= now
          yield* write(part.text)
        }
        if (part.type === 'text') {
          times.text ||= now
          yield* emit(part.text)
        }
        if (part.type === 'text' || part.type === 'reasoning') times.last = now
      }
      const hasBegun = times.last > 0
      if (progress !== null && !hasBegun) {
        isReading = true
        yield {
          type: 'progressed',
          progress: { fraction: progress, label: 'Reading the question' },
        }
      } else if (isReading && hasBegun) {
        isReading = false
        yield { type: 'progressed', progress: {} }
      }
    },
    /** Adds a line of our own to the logs. */
    *note(line: string): Generator<Occurrence> {
      yield* write(`${isLineOpen ? '\n' : ''}${line}\n`)
    },
    /** Whether the model has made anything. */
    hasText: () => units > 0,
    /** Reports the figures of the run. Speed is measured here when the server does not tell it. */
    *measured(): Generator<Occurrence> {
      const metrics = metricsOf(figures, { ...times, since: sinceMs })
      if (Object.keys(metrics).length > 0) yield { type: 'measured', metrics }
    },
  }
}

/** Neighbouring texts of one kind as one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const all: Part[] = []
  for (const part of parts) {
    const last = all.at(-1)
    const isText = part.type === 'text' || part.type === 'reasoning'
    if (isText && last?.type === part.type)
      all[all.length - 1] = { type: part.type, text: last.text + part.text }
    else all.push(part)
  }
  return all
}

interface Times {
  /** By `performance.now()`: when it was sent, and when the first and the last of it came. */
  readonly since: number | null
  readonly reasoning: number
  readonly text: number
  readonly last: number
}

/** By Replicate's names; times in seconds. */
function metricsOf(figures: Figures, { since, reasoning, text, last }: Times): JsonObject {
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
    ...(reasoning === 0 || since === null
      ? {}
      : { reasoning_time: rounded(((text || last) - reasoning) / 1_000) }),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
