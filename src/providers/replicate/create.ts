import { join } from 'node:path'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Occurrence } from '../../domain/prediction/prediction.ts'
import { upstreamName } from './describe.ts'
import { sendableInput } from './inputs.ts'
import { isWatched, type Journey } from './remote-run.ts'
import { readPrediction, type UpstreamPrediction } from './responses.ts'
import { backOff } from './retry.ts'
import { mayHaveHappened, mayWorkLater, Trouble } from './upstream-error.ts'

/** The service ends a run by itself this long after we would have: for when we are gone. */
const graceMs = 10_000

/** The shortest that the service takes. */
const leastSeconds = 5

/**
 * Asks the service to run it, once: again only when it is certain that nothing was begun. After
 * this `live.remote` is what the service calls it, or is empty and the run has ended.
 */
export async function* place(journey: Journey): AsyncGenerator<Occurrence> {
  const { live, report, signal, parts } = journey
  const input = signal.aborted ? null : yield* prepared(journey)
  if (!input) return
  const until = parts.now() + parts.limits.placeMs
  let told = ''
  for (let tries = 0; !signal.aborted; tries++) {
    yield { type: 'submitted', remote: '' }
    const answer = await create(journey, input)
    if (!(answer instanceof Trouble)) {
      live.remote = answer.id
      return yield { type: 'submitted', remote: answer.id }
    }
    if (mayHaveHappened(answer)) {
      yield* report.noted(causeOf(answer))
      return yield* heal(journey)
    }
    yield { type: 'submitted', remote: null }
    const pause = backOff(tries, answer, parts.limits.pollMs, parts.limits.mostPollMs)
    const inTime = answer.status === 429 || parts.now() + pause < until
    if (!mayWorkLater(answer) || !inTime)
      return yield* report.failed(answer.message, causeOf(answer))
    if (told !== answer.message) yield* report.noted(answer.message)
    told = answer.message
    await live.alarm.wait(pause, signal)
  }
}

/**
 * Waits for the service to tell of a run whose answer never came; when it cannot, or does not, the
 * run fails and says so. It is never asked for again.
 */
export async function* heal({ run, live, report, signal, parts }: Journey) {
  const until = parts.now() + parts.limits.healMs
  while (isWatched(run) && live.remote === '' && !signal.aborted && parts.now() < until)
    await live.alarm.wait(until - parts.now(), signal)
  if (live.remote !== '') yield { type: 'submitted', remote: live.remote } as const
  else if (!signal.aborted) {
    const { service } = parts.client
    yield* report.failed(
      `${service} did not respond to the request. It may have run there: check before you run it again.`,
    )
  }
}

async function* prepared({ run, report, signal, parts }: Journey) {
  const { client, limits, now } = parts
  const folder = join(parts.folder, run.id)
  try {
    return await sendableInput(run, { client, limits, now, signal, folder })
  } catch (error) {
    if (signal.aborted) return null
    if (!(error instanceof Trouble)) throw error
    yield* report.failed(`An input could not be sent. ${error.message}`, error.raw)
    return null
  }
}

/** Not under the run's signal: what was begun must be known, so that it can be ended. */
async function create(
  { run, parts }: Journey,
  input: JsonObject,
): Promise<UpstreamPrediction | Trouble> {
  const seconds = Math.ceil((run.deadline - parts.now() + graceMs) / 1_000)
  const headers = { 'Cancel-After': `${Math.max(leastSeconds, seconds)}s` }
  const webhook = isWatched(run)
    ? {
        webhook: run.callbackUrl,
        webhook_events_filter: ['start', 'output', 'logs', 'completed'],
      }
    : {}
  const version = upstreamName(run.version.model, run.version)
  try {
    const body = { version, input, ...webhook }
    return readPrediction(await parts.client.post('predictions', body, { headers }))
  } catch (error) {
    if (error instanceof Trouble) return error
    throw error
  }
}

function causeOf({ raw, message }: Trouble): string {
  return raw || message
}
