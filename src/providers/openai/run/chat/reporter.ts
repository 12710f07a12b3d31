import type { Occurrence } from '../../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../../bounded-log.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import type { OpenAiLimits } from '../../limits.ts'
import { metricsOf, reasoningTime } from './metrics.ts'
import type { Figures, Part } from './parts.ts'

export type ChatReporter = ReturnType<typeof createChatReporter>

export interface Known {
  /** Chunks of output that are saved. */
  readonly chunks: number
  /** UTF-16 units of the text that they hold: so much of a repeated stream is left out. */
  readonly units: number
}

export interface ChatReporterOptions {
  readonly known: Known
  readonly limits: Pick<OpenAiLimits, 'maxLogUnits' | 'maxTextUnits'>
  /** The tokens of a question and its answer together; null when it is not known. */
  readonly context: number | null
  /**
   * When it was asked, by `performance.now()`; null for a stream that is followed on, whose times are not
   * known.
   */
  readonly sinceMs: number | null
}

/** Reports the answer of a chat model as output, its reasoning as logs, and its figures. */
export function createChatReporter({ known, limits, context, sinceMs }: ChatReporterOptions) {
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

  /** Tells that the logs are its reasoning from its first piece on, and how long it took once it answers. */
  function* reason(text: string, now: number): Generator<Occurrence> {
    if (times.reasoning === 0 && known.chunks === 0)
      yield { type: 'measured', metrics: { reasoning_time: null } }
    times.reasoning ||= now
    yield* write(text)
  }

  function* answer(text: string, now: number): Generator<Occurrence> {
    const isFirst = times.text === 0
    times.text ||= now
    const metrics = isFirst ? reasoningTime({ ...times, since: sinceMs }) : {}
    if (Object.keys(metrics).length > 0) yield { type: 'measured', metrics }
    yield* emit(text)
  }

  return {
    /** Reports parts that came together: texts that follow each other as one. */
    *report(parts: readonly Part[]): Generator<Occurrence> {
      const now = performance.now()
      let progress: number | null = null
      for (const part of joined(parts)) {
        if (part.type === 'progress') progress = part.fraction
        if (part.type === 'figures') figures = { ...figures, ...part.figures }
        if (part.type === 'reasoning') yield* reason(part.text, now)
        if (part.type === 'text') yield* answer(part.text, now)
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
      const metrics = {
        ...metricsOf(figures, { ...times, since: sinceMs }),
        ...(context === null ? {} : { context_token_limit: context }),
      }
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
