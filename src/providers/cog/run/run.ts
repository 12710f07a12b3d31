import type { StoredFile } from '../../../domain/file/file.ts'
import { formatJson } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Guard } from '../../../outbound/guard.ts'
import { sleep } from '../../../sleep.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { ResponseReader } from '../../response-reader.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { CogLimits } from '../limits.ts'
import { type ChosenRoute, chooseCallbackRoute } from './callback-routes.ts'
import { requestCancel } from './cancel.ts'
import { type FollowEnd, followInContainer } from './follow.ts'
import { toCogInput } from './inputs.ts'
import { createCogOutputs } from './outputs.ts'
import type { Placement, Places } from './placement.ts'
import { readRemote, remoteOf } from './remote.ts'
import { createCogReporter } from './reporter.ts'
import type { RunUpdate } from './run-update.ts'
import { type Connection, connect } from './send.ts'
import { createWatchdog, pollHealth } from './watchdog.ts'

export interface CogRunOptions {
  readonly run: Run
  readonly places: Places
  readonly client: UpstreamClient
  readonly guard: Guard
  readonly limits: CogLimits
  /** The run's own, for files to be sent. */
  readonly folder: string
  /** Reads the container's responses and webhooks for this run. */
  readonly responses: ResponseReader
  /** Receives all updates of the run, webhooks included. */
  readonly channel: Channel<RunUpdate>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Runs a prediction in a container of its model, or follows one that is in progress there. */
export async function* runInContainer(options: CogRunOptions): AsyncGenerator<Occurrence> {
  const { run, channel } = options
  if (run.signal.aborted && !run.remote) return
  const abort = () => channel.push({ type: 'aborted' })
  if (run.signal.aborted) abort()
  else run.signal.addEventListener('abort', abort, { once: true })
  try {
    if (run.remote) yield* followOn(options, run.remote)
    else while (yield* tryRun(options));
  } finally {
    run.signal.removeEventListener('abort', abort)
  }
}

/** The id of an attempt in the container: a second attempt is another run there. */
function upstreamId({ id, attempt }: Run): string {
  return attempt === 1 ? id : `${id}-${attempt}`
}

interface RunRequest {
  /** The run's own URL at the container. */
  readonly url: string
  /** The JSON to send; null when an earlier server process sent it. */
  readonly body: string | null
  /** The route by which the container was asked to post updates; null when it was not asked. */
  readonly route: ChosenRoute | null
  /** Whether it was asked to post the end of the run too. */
  readonly postsEnd: boolean
  /** Whether it is asked to respond at once, so that the end is only posted. */
  readonly isAsync: boolean
}

/** Places the run in a container; returns whether that refused it for now, so that it is tried again. */
async function* tryRun(options: CogRunOptions): AsyncGenerator<Occurrence, boolean> {
  const placement = yield* options.places.find(options.run)
  if (!placement) return false
  let isRefused = false
  try {
    const request = yield* prepare(options, placement)
    isRefused = request !== null && (yield* sendAndFollow(options, placement, request))
    if (isRefused) yield { type: 'submitted', remote: null }
  } finally {
    placement.release()
  }
  if (isRefused) await sleep(options.limits.waitMs, options.run.signal)
  return isRefused
}

/** Makes the request, and reports that it is about to be sent. Null when it is not to be sent. */
async function* prepare(
  { run, folder, limits }: CogRunOptions,
  placement: Placement,
): AsyncGenerator<Occurrence, RunRequest | null> {
  const route = chooseCallbackRoute(placement.container, run)
  // An unproven local route may lead nowhere: no file and no end of a run depends on it.
  const isReliable = route !== null && (route.proven || route.kind === 'configured')
  const fileUrl = (file: StoredFile) => (isReliable ? route.fileUrl(file) : null)
  const sent = await toCogInput({ run, folder, limits, fileUrl })
  if (run.signal.aborted) return null
  if (!sent.ok) {
    yield { type: 'failed', error: sent.error }
    return null
  }
  const id = upstreamId(run)
  const url = `${placement.container.origin}/predictions/${id}`
  yield { type: 'submitted', remote: remoteOf(url, isReliable ? route : null) }
  if (run.signal.aborted) return null
  yield { type: 'started' }
  // Cog retries the webhook of the end for minutes, and answers only then.
  const events = isReliable ? [...progressEvents, 'completed'] : progressEvents
  const webhook = route && { webhook: route.callbackUrl, webhook_events_filter: events }
  const body = formatJson({ id, input: sent.input, ...webhook })
  const isAsync = isReliable && cancelsOnlyAsync(placement)
  return { url, body, route, postsEnd: isReliable, isAsync }
}

/** Follows a run that was in progress when its server was stopped: this one, or another replica. */
async function* followOn(options: CogRunOptions, remote: string): AsyncGenerator<Occurrence> {
  const { run, places } = options
  const { url, isPostedTo } = readRemote(remote)
  const place = await places.at(url, run.signal)
  if (!place) {
    const error =
      'The server was restarted, and the container that ran this is no longer configured.'
    yield { type: 'failed', error }
    return
  }
  const { container, release } = place
  try {
    const health = await container.checkHealth()
    const route = chooseCallbackRoute(container, run)
    const request = { url, body: null, route, postsEnd: isPostedTo(route), isAsync: false }
    yield* sendAndFollow(options, { container, health, release }, request)
  } finally {
    release()
  }
}

/** Cog 0.9, which does not state its version, cancels no run whose caller waits for the answer. */
function cancelsOnlyAsync({ container, health }: Placement): boolean {
  return !health.coglet && container.document()?.cogVersion === null
}

const progressEvents = ['start', 'output', 'logs']

/** Sends the run and reports its updates; returns whether it was refused for now. */
async function* sendAndFollow(
  options: CogRunOptions,
  { container, health }: Placement,
  { url, body, ...request }: RunRequest,
): AsyncGenerator<Occurrence, boolean> {
  const { run, places, client, limits, responses, channel, now } = options
  const done = new AbortController()
  const { signal } = done
  const common = { ...options, ...request, container, url, signal }
  const streams = container.document()?.streams ?? false
  const connection: Connection =
    body === null
      ? { open: false, bytes: 0, reading: false, isPosted: false }
      : connect({ ...common, body, streams, maxAnswerBytes: limits.maxAnswerBytes })
  const pauseMs = () => (connection.open ? limits.watchMs : limits.waitMs)
  const { onDemand } = places
  // A proxy may hold each request until the run is over, or start another container for it.
  const isNeeded = () => !onDemand || !connection.open || connection.isPosted
  void pollHealth({ container, url, client, channel, signal, pauseMs, isNeeded })
  const outputs = createCogOutputs({ ...options, origin: container.origin })
  const reporter = createCogReporter(run, outputs, responses, limits)
  const instance = body === null || onDemand ? null : health.instance
  // A run that was told to stop, as its end cannot be learned, is over once the container is ready.
  const slots = body === null && !request.postsEnd ? 1 : places.slots
  const watchdog = createWatchdog({ instance, slots, goneMs: limits.goneMs, now })
  let end: FollowEnd | null = null
  try {
    end = yield* followInContainer({ ...common, onDemand, connection, reporter, watchdog })
    return end === 'refused'
  } finally {
    // The run's reader stopped early: the container is to stop as well.
    if (end === null) await requestCancel({ url, client })
    done.abort()
  }
}
