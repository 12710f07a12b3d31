import { formatJson } from '../../../../domain/json/json.ts'
import type { Occurrence } from '../../../../domain/prediction/event.ts'
import type { InputFiles } from '../files.ts'
import type { ServerRunOptions } from '../options.ts'
import { createPictures } from '../pictures/pictures.ts'
import type { Answer, Task } from '../task.ts'
import { chatBody } from './body.ts'
import { contextOf } from './context.ts'
import { openStream } from './conversations.ts'
import { conversationOf } from './messages.ts'
import { type ChatReporter, createChatReporter } from './reporter.ts'
import { readerFor, readStream, reportEnd } from './stream.ts'

/** Asks a chat model. Throws `NotSendable`. */
export async function createChatTask(options: ServerRunOptions, files: InputFiles): Promise<Task> {
  const { run, limits } = options
  const pictures = createPictures({ ...options, files })
  const messages = await conversationOf({ input: run.input, files, pictures })
  return {
    async request({ serving, served }) {
      const dialect = serving.dialect.name
      const body = chatBody({ dialect, model: served.id, messages, input: run.input })
      const path = dialect === 'ollama' ? '/api/chat' : '/chat/completions'
      return { path, body: formatJson(body) }
    },
    async *read(answer) {
      const context = contextOf(answer.slot.served.abilities, run.input)
      const known = { chunks: 0, units: 0 }
      const reporter = createChatReporter({ known, limits, context, sinceMs: answer.sentAt })
      yield* readAnswer(answer, reporter, options)
    },
  }
}

/** Reads a response up to its end. One that breaks off is followed on where the server keeps it. */
async function* readAnswer(
  { response, slot: { server }, conversation, hangUp }: Answer,
  reporter: ChatReporter,
  options: ServerRunOptions,
): AsyncGenerator<Occurrence> {
  const { limits, run } = options
  const counted = { bytes: 0 }
  const reading = { reader: readerFor(response.type, limits), reporter, limits, hangUp }
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
