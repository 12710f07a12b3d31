import { type FinishReason, finishMetric } from '../../../../domain/prediction/answer-end.ts'
import type { Occurrence } from '../../../../domain/prediction/event.ts'
import type { StreamingResponse } from '../../../upstream/client.ts'
import { collect } from '../../../upstream/collect.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import type { OpenAiLimits } from '../../limits.ts'
import type { Server } from '../../servers/server.ts'
import { gathered } from '../gathered.ts'
import { failureOf, reportFailure } from '../refusal.ts'
import { jsonIn, withoutKey } from '../send.ts'
import { chunkParts, type Part } from './parts.ts'
import { createEventReader, createLineReader, type PartReader } from './reader.ts'
import type { ChatReporter } from './reporter.ts'

/** How a stream ended. `cut`: before the model did. */
export type StreamEnd =
  | { readonly kind: 'finished'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cut'; readonly why: string | null }
  | { readonly kind: 'no stream'; readonly type: string }

export interface Reading {
  /** Null for a body that is no stream. It goes on in the next body where the last one broke off. */
  readonly reader: PartReader | null
  readonly reporter: ChatReporter
  readonly limits: OpenAiLimits
  readonly server: Pick<Server, 'runs'>
  /** Closes the connection. */
  readonly hangUp: () => void
}

/** The reader of a body of some media type; null when it is no stream. */
export function readerFor(type: string, { maxLineUnits }: OpenAiLimits): PartReader | null {
  if (type === 'text/event-stream') return createEventReader(maxLineUnits)
  return type === 'application/x-ndjson' ? createLineReader(maxLineUnits) : null
}

/** Parsed at once, in bytes. */
const mostAtOnce = 64 * 1024

/** Longer while a server answers many runs: each list of chunks takes time, however short it is. */
function gatherMs({ runs }: Pick<Server, 'runs'>, limits: OpenAiLimits): number {
  return Math.min(limits.gatherMs * (1 + runs() / 10), limits.mostGatherMs)
}

/** Reports what a stream says, up to its end. */
export async function* readStream(
  { type, body }: StreamingResponse,
  { reader, reporter, limits, server, hangUp }: Reading,
): AsyncGenerator<Occurrence, StreamEnd> {
  if (type === 'application/json') return yield* readWhole(body, reporter, limits)
  if (!reader) return { kind: 'no stream', type }
  let reason: string | null = null
  let timer: NodeJS.Timeout | undefined
  try {
    for await (const chunks of gathered(body, () => gatherMs(server, limits), mostAtOnce)) {
      const parts = upToEnd(chunks.flatMap((bytes) => reader.feed(bytes)))
      yield* reporter.report(parts)
      const failed = parts.find((part) => part.type === 'failed')
      if (failed) return { kind: 'failed', message: failed.message }
      const reasons = parts.flatMap((part) => (part.type === 'finished' ? [part.reason] : []))
      reason ??= reasons[0] ?? null
      if (reasons.includes('done')) break
      // Figures come after the end, if they come.
      if (reason !== null) timer ??= setTimeout(hangUp, limits.afterEndMs)
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if (reason === null) return { kind: 'cut', why: error.message }
  } finally {
    clearTimeout(timer)
  }
  return reason === null ? { kind: 'cut', why: null } : { kind: 'finished', reason }
}

/** What comes after the end of a stream is not part of the answer. */
function upToEnd(parts: readonly Part[]): readonly Part[] {
  const end = parts.findIndex((part) => part.type === 'finished' && part.reason === 'done')
  return end === -1 ? parts : parts.slice(0, end + 1)
}

/** A server that does not stream answers with all of it. */
async function* readWhole(
  body: AsyncIterable<Uint8Array>,
  reporter: ChatReporter,
  limits: OpenAiLimits,
): AsyncGenerator<Occurrence, StreamEnd> {
  const bytes = await collect(body, limits.maxLineUnits)
  const parts = chunkParts(jsonIn(bytes.toString('utf8')))
  yield* reporter.report(parts)
  const failed = parts.find((part) => part.type === 'failed')
  if (failed) return { kind: 'failed', message: failed.message }
  const finished = parts.find((part) => part.type === 'finished')
  return finished ? { kind: 'finished', reason: finished.reason } : { kind: 'cut', why: null }
}

/** Reports the end of a run. */
export async function* reportEnd(
  end: StreamEnd,
  server: Server,
  reporter: ChatReporter,
): AsyncGenerator<Occurrence> {
  yield* reporter.measured()
  switch (end.kind) {
    case 'finished':
      return yield* reportFinish(end.reason)
    case 'failed': {
      const message = withoutKey(end.message, server.key())
      yield* reporter.note(`${server.base}: ${message}`)
      return yield* reportFailure(failureOf(message))
    }
    case 'cut':
      if (end.why !== null) yield* reporter.note(`${server.base}: ${end.why}`)
      return yield { type: 'failed', error: stoppedInTheMiddle }
    case 'no stream': {
      const what = end.type === '' ? 'without a type' : `of the type ${end.type}`
      const error = `The server at ${server.base} answered with something else than a chat model’s answer: a body ${what}.`
      return yield { type: 'failed', error }
    }
  }
}

const stoppedInTheMiddle = 'Its server stopped in the middle of the answer.'

/** Reasons for which an answer is not the model's own end. */
const failures: Readonly<Record<string, string>> = {
  abort: 'Its server aborted the answer.',
  error: 'Its server failed in the middle of the answer.',
  content_filter: 'The content filter of its server stopped the answer.',
  unload: 'Its server unloaded the model in the middle of the answer.',
}

function* reportFinish(reason: string): Generator<Occurrence> {
  const error = failures[reason]
  if (error !== undefined) return yield { type: 'failed', error }
  const told = finishReasonOf(reason)
  if (told) yield { type: 'measured', metrics: finishMetric(told) }
  yield { type: 'succeeded' }
}

/** Null for the end of a stream that did not say why. */
function finishReasonOf(reason: string): FinishReason | null {
  if (reason === 'done') return null
  return reason === 'length' ? 'length' : 'stop'
}
