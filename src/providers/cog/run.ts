import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJson } from '../../domain/json.ts'
import type { Occurrence } from '../../domain/prediction.ts'
import { readSchema, type ValueSchema } from '../../domain/schema.ts'
import type { Guard } from '../../outbound/guard.ts'
import type { Channel } from '../channel.ts'
import type { Run } from '../provider.ts'
import { ask, type Heard } from './ask.ts'
import type { Served } from './fleet.ts'
import { sendableInput } from './inputs.ts'
import { readAnswer } from './large-answer.ts'
import type { CogLimits } from './limits.ts'
import { listen } from './listen.ts'
import { createOutputs } from './outputs.ts'
import { pause } from './pause.ts'
import { findPlace, type Place } from './place.ts'
import { createTally } from './tally.ts'
import { createVigil, watch } from './vigil.ts'
import type { Wire } from './wire.ts'

export interface CogRunOptions {
  readonly run: Run
  readonly served: Served
  readonly wire: Wire
  readonly guard: Guard
  readonly limits: CogLimits
  /** The run's own, for files on their way out. */
  readonly folder: string
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
    const sent = await sendableInput(run, folder, limits)
    if (run.signal.aborted) return false
    if (!sent.ok) {
      yield { type: 'failed', error: sent.error }
      return false
    }
    const id = idOf(run)
    const url = `${place.container.origin}/predictions/${id}`
    yield { type: 'placed', remote: url }
    if (run.signal.aborted) return false
    yield { type: 'started' }
    const reports = run.callbackUrl !== null && place.container.canReport()
    const webhook = reports && { webhook: run.callbackUrl, webhook_events_filter: events }
    const body = formatJson({ id, input: sent.input, ...webhook })
    const refused = yield* work(options, place, { url, body, reports })
    if (!refused) return false
    yield { type: 'placed', remote: null }
  } finally {
    place.release()
  }
  await pause(limits.waitMs, run.signal)
  return true
}

/** Follows a run that was under way when the server was started again. */
async function* followOn(options: CogRunOptions, url: string): AsyncGenerator<Occurrence> {
  const { run, served } = options
  const container = served.containers.find(({ origin }) => url.startsWith(`${origin}/`))
  if (!container) {
    const error = 'The server was started again, and the container that ran this is not known now.'
    yield { type: 'failed', error }
    return
  }
  const release = container.reserve()
  try {
    const health = await container.look()
    const reports = run.callbackUrl !== null
    yield* work(options, { container, health, release }, { url, body: null, reports })
  } finally {
    release()
  }
}

interface Asked {
  /** The run's own address at the container. */
  readonly url: string
  /** What to send; null when it was sent before the server was started again. */
  readonly body: string | null
  /** Whether the container was asked to post what happens. */
  readonly reports: boolean
}

const events = ['start', 'output', 'logs', 'completed']

/** Sends the run and reports what is heard of it; answers whether it was refused for now. */
async function* work(
  { run, served, wire, guard, limits, channel, now, folder }: CogRunOptions,
  { container, health }: Place,
  { url, body, reports }: Asked,
): AsyncGenerator<Occurrence, boolean> {
  const over = new AbortController()
  const { signal } = over
  const connection = { open: body !== null, bytes: 0 }
  const instance = body === null ? null : health.instance
  if (body !== null) {
    const streams = container.document()?.streams ?? false
    const arrived = (bytes: number) => {
      connection.bytes += bytes
    }
    const { maxAnswerBytes } = limits
    const hasFiles = leadsToFiles(readSchema(run.version.schemas).output)
    const read = (bytes: Uint8Array<ArrayBuffer>) =>
      readAnswer({ bytes, path: join(folder, 'output'), origin: container.origin, hasFiles })
    void ask({ url, body, streams, signal, maxAnswerBytes, read, arrived }, wire, channel)
  }
  const pauseMs = () => (connection.open ? limits.watchMs : limits.waitMs)
  void watch({ container, url, wire, channel, signal, pauseMs })
  const outputs = createOutputs({ run, origin: container.origin, wire, guard, limits })
  const tally = createTally(run, outputs, limits)
  // What is told to stop, as nobody can say how it ends, is done once the container is ready.
  const slots = body === null && !reports ? 1 : served.slots
  const vigil = createVigil({ instance, slots, goneMs: limits.goneMs, now })
  let end: 'over' | 'refused' | 'left' | null = null
  try {
    const asked = { run, container, url, reports, connection, signal }
    end = yield* listen({ ...asked, wire, limits, channel, tally, vigil, now })
    return end === 'refused'
  } finally {
    // Whoever stopped listening wants the work stopped as well.
    if (end === null) await wire.post(`${url}/cancel`).catch(() => {})
    over.abort()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

/** Whether its schema says that an output may have addresses of files in it. */
function leadsToFiles({ raw }: ValueSchema): boolean {
  return formatJson(raw).includes('"uri"')
}
