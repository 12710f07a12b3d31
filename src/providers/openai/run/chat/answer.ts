import type { Occurrence } from '../../../../domain/prediction/event.ts'
import type { ServerRunOptions } from '../options.ts'
import type { Answer } from '../task.ts'
import { contextOf } from './context.ts'
import { openStream } from './conversations.ts'
import { createChatReporter } from './reporter.ts'
import { readerFor, readStream, reportEnd } from './stream.ts'

/** Reads a response up to its end. One that breaks off is followed on where the server keeps it. */
export async function* readAnswer(
  { response, slot: { server, served }, sentAt, conversation, hangUp }: Answer,
  options: ServerRunOptions,
): AsyncGenerator<Occurrence> {
  const { limits, run } = options
  const context = contextOf(served.abilities, run.input)
  const known = { chunks: 0, units: 0 }
  const reporter = createChatReporter({ known, limits, context, sinceMs: sentAt })
  const counted = { bytes: 0 }
  const reading = { reader: readerFor(response.type, limits), reporter, limits, server, hangUp }
  const body = countBytes(response.body, counted)
  let end = yield* readStream({ ...response, body }, reading)
  if (end.kind === 'cut' && conversation !== null && !run.signal.aborted) {
    const rest = await openStream(server, conversation, counted.bytes, options, run.signal)
    if (rest) end = yield* readStream(rest, reading)
  }
  if (run.signal.aborted) return
  yield* reportEnd(end, server, reporter)
}

async function* countBytes(body: AsyncIterable<Uint8Array>, counted: { bytes: number }) {
  for await (const chunk of body) {
    counted.bytes += chunk.byteLength
    yield chunk
  }
}
