import { randomUUID } from 'node:crypto'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { listIn, objectIn } from '../../../domain/json/parts.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { collect } from '../../upstream/collect.ts'
import { readDocument } from '../../upstream/document.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { GradioLimits } from '../limits.ts'
import { failureSentence, refusalSentence } from './refusal.ts'
import type { Reporter } from './reporter.ts'
import type { Slot } from './slot.ts'

interface CallOptions {
  readonly run: Run
  readonly client: UpstreamClient
  readonly limits: GradioLimits
}

/** Runs a function that does not wait in the queue of its app: one request, which is answered at the end. */
export async function* callAtOnce(
  { serving, endpoint, place }: Slot,
  data: readonly Json[],
  reporter: Reporter,
  { run, client, limits }: CallOptions,
): AsyncGenerator<Occurrence> {
  const { url, headers, config } = serving
  yield { type: 'started' }
  try {
    const answer = await client.send(`${url}${config.prefix}/run${endpoint.name}`, {
      method: 'POST',
      headers,
      body: formatJson({ data, fn_index: endpoint.fn, session_hash: randomUUID() }),
      signal: run.signal,
    })
    const bytes = await collect(answer.body, limits.maxEventUnits)
    const text = bytes.subarray(0, mostQuotedBytes).toString('utf8')
    const read = await readDocument({ bytes, selection: 'all' })
    if (read.kind === 'large') throw new RequestError('its response says too much', true)
    const { json } = read
    const { data: made, error } = objectIn(json)
    if (answer.status === 200 && made !== undefined) {
      yield* reporter.end(listIn(made))
      yield { type: 'succeeded' }
      return
    }
    yield* reporter.note(`${place.app.base} answered ${answer.status}: ${text}`)
    const isFailure = answer.status >= 500 && error !== undefined
    const sentence = isFailure
      ? failureSentence(typeof error === 'string' && error !== '' ? error : null, '')
      : refusalSentence(answer.status, json)
    yield { type: 'failed', error: sentence }
  } catch (error) {
    if (run.signal.aborted || !(error instanceof RequestError)) throw error
    yield { type: 'failed', error: `The app did not answer: ${error.message}.` }
  }
}

const mostQuotedBytes = 2_000
