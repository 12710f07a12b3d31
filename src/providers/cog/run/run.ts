import type { StoredFile } from '../../../domain/file/file.ts'
import { formatJson } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import type { Guard } from '../../../outbound/guard.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { Answers } from '../../response-reader.ts'
import { pause } from '../../sleep.ts'
import type { Wire } from '../container-client.ts'
import type { Served } from '../containers/fleet.ts'
import type { CogLimits } from '../limits.ts'
import { type ChosenWay, wayFrom } from './callback-routes.ts'
import { listen } from './follow.ts'
import { sendableInput } from './inputs.ts'
import { createOutputs } from './outputs.ts'
import { findPlace, type Place } from './placement.ts'
import { createTally } from './reporter.ts'
import { ask, type Heard } from './send.ts'
import { createVigil, watch } from './watchdog.ts'

export interface CogRunOptions {
  readonly run: Run
  readonly served: Served
  readonly wire: Wire
  readonly guard: Guard
  readonly limits: CogLimits
  /** The run's own, for files on their way out. */
  readonly folder: string
  /** Reads what containers say of it. */
  readonly answers: Answers
  /** Where webhooks of the run arrive too. */
  readonly channel: Channel<Heard>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Runs a prediction in one of the containers of its model, or follows one that is under way there. */
export async function* runInContainer(options: CogRunOptions): AsyncGenerator<Occurrence> {
  const { run, channel } = options
  if (run.signal.aborted) return
  const abort = () => channel.push({ type: 'aborted' })
  run.signal.addEventListener('abort', abort, { once: true })
  try {
    if (run.remote) yield* followOn(options, run.remote)
    else while (yield* begin(options));
  } finally {
    run.signal.removeEventListener('abort', abort)
  }
}

/** What the container is to call an attempt; a second one is another run to it. */
function idOf({ id, attempt }: Run): string {
  return attempt === 1 ? id : `${id}-${attempt}`
}

/** Finds a place and runs it there; answers whether it was refused for now, and is to be tried again. */
async function* begin(options: CogRunOptions): AsyncGenerator<Occurrence, boolean> {
  const { run, folder, limits } = options
  const place = yield* findPlace(options)
  if (!place) return false
  try {
    const way = wayFrom(place.container, run)
    // An address of ours that nobody has used yet may lead nowhere, and a file cannot be asked for twice.
    const fetches = way !== null && (way.works || way.kind === 'given')
    const fileUrl = (file: StoredFile) => (fetches ? way.fileUrl(file) : null)
    const sent = await sendableInput({ run, folder, limits, fileUrl })
    if (run.signal.aborted) return false
    if (!sent.ok) {
      yield { type: 'failed', error: sent.error }
      return false
    }
    const reports = fetches
    const id = idOf(run)
    const url = `${place.container.origin}/predictions/${id}`
    const mark = reports && way.kind === 'own' ? ownMark : ''
    yield { type: 'submitted', remote: `${url}${mark}` }
    if (run.signal.aborted) return false
    yield { type: 'started' }
    // Cog tries for minutes to tell of an end, and answers only then: it is asked to where it can.
    const wanted = reports ? [...events, 'completed'] : events
    const webhook = way && { webhook: way.callbackUrl, webhook_events_filter: wanted }
    const body = formatJson({ id, input: sent.input, ...webhook })
    const isAsync = reports && cancelsOnlyAsync(place)
    const refused = yield* work(options, place, { url, body, way, reports, isAsync })
    if (!refused) return false
    yield { type: 'submitted', remote: null }
  } finally {
    place.release()
  }
  await pause(limits.waitMs, run.signal)
  return true
}

/** Follows a run that was under way when the server was started again. */
async function* followOn(options: CogRunOptions, remote: string): AsyncGenerator<Occurrence> {
  const { run, served } = options
  const isMarked = remote.endsWith(ownMark)
  const url = isMarked ? remote.slice(0, -ownMark.length) : remote
  const container = served.containers.find(({ origin }) => url.startsWith(`${origin}/`))
  if (!container) {
    const error =
      'The server was restarted, and the container that ran this is no longer configured.'
    yield { type: 'failed', error }
    return
  }
  const release = container.reserve()
  try {
    const health = await container.look()
    const way = wayFrom(container, run)
    const reports = way?.kind === (isMarked ? 'own' : 'given')
    yield* work(
      options,
      { container, health, release },
      { url, body: null, way, reports, isAsync: false },
    )
  } finally {
    release()
  }
}

interface Asked {
  /** The run's own address at the container. */
  readonly url: string
  /** What to send; null when it was sent before the server was started again. */
  readonly body: string | null
  /** By which the container was asked to post what happens; null when it was not. */
  readonly way: ChosenWay | null
  /** Whether it was asked to post the end, too. */
  readonly reports: boolean
  /** Whether it answers at once, and its end is only posted. */
  readonly isAsync: boolean
}

/** Cog 0.9, which does not say its version, cancels no run whose answer is waited for. */
function cancelsOnlyAsync({ container, health }: Place): boolean {
  return !health.coglet && container.document()?.cogVersion === null
}

/** Ends the address of a run whose end is posted to our own address on this machine. */
const ownMark = '#own'

const events = ['start', 'output', 'logs']

/** Sends the run and reports what is heard of it; answers whether it was refused for now. */
async function* work(
  { run, served, wire, guard, limits, answers, channel, now }: CogRunOptions,
  { container, health }: Place,
  { url, body, way, reports, isAsync }: Asked,
): AsyncGenerator<Occurrence, boolean> {
  const over = new AbortController()
  const { signal } = over
  const connection = { open: body !== null, bytes: 0, reading: false }
  const instance = body === null ? null : health.instance
  if (body !== null) {
    const streams = container.document()?.streams ?? false
    const arrived = (bytes: number) => {
      connection.bytes += bytes
    }
    const { maxAnswerBytes } = limits
    const read: Answers['read'] = (bytes) => {
      connection.reading = true
      return answers.read(bytes)
    }
    void ask({ url, body, streams, isAsync, signal, maxAnswerBytes, read, arrived }, wire, channel)
  }
  const pauseMs = () => (connection.open ? limits.watchMs : limits.waitMs)
  void watch({ container, url, wire, channel, signal, pauseMs })
  const outputs = createOutputs({ run, origin: container.origin, wire, guard, limits, answers })
  const tally = createTally(run, outputs, answers, limits)
  // What is told to stop, as nobody can say how it ends, is done once the container is ready.
  const slots = body === null && !reports ? 1 : served.slots
  const vigil = createVigil({ instance, slots, goneMs: limits.goneMs, now })
  let end: 'over' | 'refused' | 'left' | null = null
  try {
    const asked = { run, container, url, way, reports, isAsync, connection, signal }
    end = yield* listen({ ...asked, wire, limits, channel, tally, vigil, now })
    return end === 'refused'
  } finally {
    // Whoever stopped listening wants the work stopped as well.
    if (end === null) await wire.post(`${url}/cancel`).catch(() => {})
    over.abort()
  }
}
