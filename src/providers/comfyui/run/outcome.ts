import { beginning } from '../../../domain/json/excerpt.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { FollowOptions } from './follow.ts'
import { eventsIn } from './message.ts'
import { storeOutput } from './outputs.ts'

/** Reports how a prompt ended, by its record. */
export async function* reportOutcome(
  record: JsonObject,
  options: FollowOptions,
): AsyncGenerator<Occurrence> {
  const status = textIn(objectIn(record.status).status_str)
  const events = eventsIn(record)
  const error = events.get('execution_error')
  if (events.has('execution_interrupted')) {
    yield { type: 'failed', error: 'Somebody interrupted this run at its server.' }
  } else if (status === 'error' || error) {
    yield* failed(error ?? {}, options)
  } else {
    yield* succeeded(record, options)
  }
}

const longestSentence = 1_000

/** The stack of an error names folders of the server: it stays in the server's own logs. */
function* failed(error: JsonObject, { note, source }: FollowOptions): Generator<Occurrence> {
  const message = beginning(textIn(error.exception_message).trim(), longestSentence)
  const title = source.workflow.find(({ id }) => id === error.node_id)?.title
  const kind = textIn(error.exception_type).slice(0, 100)
  if (message !== '')
    yield* note(`${title ? `${title}: ` : ''}${kind === '' ? '' : `${kind}: `}${message}`)
  yield { type: 'failed', error: message || 'The workflow failed without an error message.' }
}

async function* succeeded(record: JsonObject, options: FollowOptions): AsyncGenerator<Occurrence> {
  const { run, note } = options
  yield { type: 'entered', phase: 'saving' }
  const { value, files, failures } = await storeOutput(record, options)
  if (run.signal.aborted) return
  for (const line of failures) yield* note(line)
  if (value === null) {
    const error =
      failures.length > 0
        ? 'The files that it made could not be copied from its server.'
        : 'The workflow ended and made nothing.'
    yield { type: 'failed', error }
    return
  }
  const pictures = files.filter(({ type }) => type.startsWith('image/')).length
  if (pictures > 0) yield { type: 'measured', metrics: { image_count: pictures } }
  yield { type: 'emitted', index: run.known.chunks, chunks: [value], files }
  yield { type: 'succeeded' }
}
