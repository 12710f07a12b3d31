import { join } from 'node:path'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { upstreamName } from '../models/describe.ts'
import { readUpstreamPrediction, type UpstreamPrediction } from '../responses.ts'
import { retryDelay } from '../retry.ts'
import { isRetryable, mayHaveRun, UpstreamError } from '../upstream-error.ts'
import { toReplicateInput } from './inputs.ts'
import { acceptsWebhooks, type RemoteRun } from './remote-run.ts'

/** The service cancels a run this long after our own deadline, in case this server is gone by then. */
const cancelAfterMs = 10_000

/** The shortest `Cancel-After` that the service accepts. */
const leastSeconds = 5

/**
 * Creates the prediction at the service, exactly once: retries only when the service has certainly
 * not begun. Afterwards `live.remote` is its id there, or is empty and the run has ended.
 */
export async function* createAtReplicate(remoteRun: RemoteRun): AsyncGenerator<Occurrence> {
  const { live, reporter, signal, parts } = remoteRun
  const input = signal.aborted ? null : yield* prepareInput(remoteRun)
  if (!input) return
  const until = parts.now() + parts.limits.createMs
  let noted = ''
  for (let tries = 0; !signal.aborted; tries++) {
    yield { type: 'submitted', remote: '' }
    const created = await create(remoteRun, input)
    if (!(created instanceof UpstreamError)) {
      live.remote = created.id
      return yield { type: 'submitted', remote: created.id }
    }
    if (mayHaveRun(created)) {
      yield* reporter.note(causeOf(created))
      return yield* recoverId(remoteRun)
    }
    yield { type: 'submitted', remote: null }
    const pause = retryDelay(tries, created, parts.limits.pollMs, parts.limits.mostPollMs)
    const inTime = created.status === 429 || parts.now() + pause < until
    if (!isRetryable(created) || !inTime)
      return yield* reporter.fail(created.message, causeOf(created))
    if (noted !== created.message) yield* reporter.note(created.message)
    noted = created.message
    await live.waker.sleep(pause, signal)
  }
}

/**
 * Waits for a webhook that tells the id of a run whose response never came. Without one the run
 * fails. It is never created again.
 */
export async function* recoverId({ run, live, reporter, signal, parts }: RemoteRun) {
  const until = parts.now() + parts.limits.recoverMs
  while (acceptsWebhooks(run) && live.remote === '' && !signal.aborted && parts.now() < until)
    await live.waker.sleep(until - parts.now(), signal)
  if (live.remote !== '') yield { type: 'submitted', remote: live.remote } as const
  else if (!signal.aborted) {
    const { service } = parts.client
    yield* reporter.fail(
      `${service} did not respond to the request. It may have run there: check before you run it again.`,
    )
  }
}

async function* prepareInput({ run, reporter, signal, parts }: RemoteRun) {
  const { client, limits, now } = parts
  const folder = join(parts.folder, run.id)
  try {
    return await toReplicateInput(run, { client, limits, now, signal, folder })
  } catch (error) {
    if (signal.aborted) return null
    if (!(error instanceof UpstreamError)) throw error
    yield* reporter.fail(`An input could not be sent. ${error.message}`, error.raw)
    return null
  }
}

/** Not aborted with the run: a prediction that was created must be known, so that it can be canceled. */
async function create(
  { run, parts }: RemoteRun,
  input: JsonObject,
): Promise<UpstreamPrediction | UpstreamError> {
  const seconds = Math.ceil((run.deadline - parts.now() + cancelAfterMs) / 1_000)
  const headers = { 'Cancel-After': `${Math.max(leastSeconds, seconds)}s` }
  const webhook = acceptsWebhooks(run)
    ? {
        webhook: run.callbackUrl,
        webhook_events_filter: ['start', 'output', 'logs', 'completed'],
      }
    : {}
  const version = upstreamName(run.version.model, run.version)
  try {
    const body = { version, input, ...webhook }
    return readUpstreamPrediction(await parts.client.post('predictions', body, { headers }))
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}

function causeOf({ raw, message }: UpstreamError): string {
  return raw || message
}
