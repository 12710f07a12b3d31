import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { Container } from '../containers/container.ts'
import type { CogLimits } from '../limits.ts'
import type { ChosenRoute } from './callback-routes.ts'
import { cancelRun } from './cancel.ts'
import { afterDisconnect, detach, rawError, reportLoss } from './connection-loss.ts'
import { readContainerPrediction } from './container-prediction.ts'
import {
  couldNotFetch,
  maxSilentChecks,
  noteNoCallbacks,
  noteNoUpdates,
  retryWithoutCallbacks,
} from './missing-callbacks.ts'
import { reportOutcome, reportProgress, reportUnexpected } from './outcome.ts'
import type { CogReporter } from './reporter.ts'
import type { Answered, HealthChecked, Reported, RunUpdate } from './run-update.ts'
import type { Connection } from './send.ts'
import type { Watchdog } from './watchdog.ts'

export interface FollowOptions {
  readonly run: Run
  readonly container: Container
  /** The run's own URL at the container. */
  readonly url: string
  /** Whether a request may start a container, or reach another one than this run’s. */
  readonly onDemand: boolean
  readonly client: UpstreamClient
  readonly limits: CogLimits
  readonly channel: Channel<RunUpdate>
  readonly reporter: CogReporter
  readonly watchdog: Watchdog
  /** The route by which the container was asked to post updates; null when it was not asked. */
  readonly route: ChosenRoute | null
  /** Whether the container was asked to post the end of the run too. */
  readonly postsEnd: boolean
  /** Whether the container responds at once, so that the end is only posted. */
  readonly isAsync: boolean
  readonly connection: Connection
  /** Aborts when the run is no longer followed. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * `ended`: the end was reported. `refused`: the container does not take the run now. `detached`: the
 * server stops, and the run goes on in its container.
 */
export type FollowEnd = 'ended' | 'refused' | 'detached'

/** The state of a run that is followed. */
interface Following extends FollowOptions {
  readonly startedAt: number
  /** Whether the container has posted anything. */
  posted: boolean
  /** The end of the run as it was posted: the answer is about to say the same. */
  end: Reported | null
  /** How many health checks found the container busy before it posted anything. */
  busyChecks: number
  /** How many health checks passed since `end` without a byte of the answer. */
  checksSinceEnd: number
  /** How much of the answer had arrived at the last health check. */
  bytesAtCheck: number
}

/** A posted end is not held back for its answer for more health checks than this. */
const maxChecksForAnswer = 3

/** Reports a run from its updates until it ends. */
export async function* followInContainer(
  options: FollowOptions,
): AsyncGenerator<Occurrence, FollowEnd> {
  if (!options.connection.open) {
    const end = yield* afterDisconnect(options)
    if (end) return end
  }
  const counts = { busyChecks: 0, checksSinceEnd: 0, bytesAtCheck: 0 }
  const run = { ...options, ...counts, startedAt: options.now(), posted: false, end: null }
  while (true) {
    const end = yield* handle(await options.channel.next(), run)
    if (end) return end
  }
}

type Handled = AsyncGenerator<Occurrence, FollowEnd | null>

async function* handle(update: RunUpdate, run: Following): Handled {
  const { reporter } = run
  switch (update.type) {
    case 'answered':
      return yield* onAnswer(update, run)
    case 'reported':
      return yield* onReport(update, run)
    case 'checked':
      return yield* onHealthCheck(update, run)
    case 'disconnected':
      return yield* onDisconnect(update, run)
    case 'item':
      yield* reporter.item(update.index, update.value)
      return null
    case 'logged':
      yield* reporter.log(update.text)
      return null
    case 'measured':
      yield { type: 'measured', metrics: { [update.name]: update.value } }
      return null
    case 'aborted':
      if (run.run.signal.reason === 'stopped') return await detach(run)
      void cancelRun(run)
      return null
    case 'cancel refused':
      yield* reporter.note(
        'The container cannot cancel this run, so it continues until it is finished.',
      )
      return null
    case 'cancel timed out':
      yield* reporter.note('The container did not stop when it was asked to.')
      return 'ended'
  }
}

async function* onAnswer(answer: Answered, run: Following): Handled {
  if (run.isAsync && answer.status === 202) {
    run.connection.open = false
    run.connection.reading = false
    return run.end && (yield* reportOutcome(run.end, run))
  }
  if (run.onDemand && run.postsEnd && [502, 504].includes(answer.status)) {
    // A proxy gave up, and the run may go on: its end will be posted.
    run.connection.open = false
    run.connection.reading = false
    yield* run.reporter.note(`${run.container.origin} answered ${answer.status}: ${answer.text}`)
    return run.end && (yield* reportOutcome(run.end, run))
  }
  const prediction = answer.status === 200 ? readContainerPrediction(answer.json) : null
  if (!prediction?.outcome) return yield* reportUnexpected(answer, run)
  if (!run.posted) {
    yield* noteNoCallbacks(run.now() - run.startedAt, run)
    if (couldNotFetch(prediction, run)) return 'refused'
  }
  return yield* reportOutcome({ prediction, large: answer.large }, run)
}

async function* onReport(report: Reported, run: Following): Handled {
  if (report.posted && !run.posted && run.route) run.container.setReachesUs(run.route.kind, true)
  run.posted ||= report.posted
  if (!report.prediction.outcome) yield* reportProgress(report.prediction, run)
  else if (run.connection.open) {
    run.end = report
    run.connection.isPosted = true
  } else return yield* reportOutcome(report, run)
  return null
}

async function* onDisconnect(
  { error }: Extract<RunUpdate, { type: 'disconnected' }>,
  run: Following,
): Handled {
  run.connection.open = false
  if (run.end) return yield* reportOutcome(run.end, run)
  if (!error.sent) return 'refused'
  yield* run.reporter.note(`${run.container.origin}: ${rawError(error)}`)
  return yield* afterDisconnect(run, error.message)
}

async function* onHealthCheck(check: HealthChecked, run: Following): Handled {
  const { connection } = run
  const isBusy = check.health.condition === 'busy'
  if (!run.posted && isBusy) yield* noteNoUpdates(++run.busyChecks, run)
  if (!run.posted && run.busyChecks > maxSilentChecks && run.isAsync)
    return yield* retryWithoutCallbacks(run)
  const arriving = connection.bytes > run.bytesAtCheck
  run.bytesAtCheck = connection.bytes
  if (run.end && !arriving) run.checksSinceEnd++
  // A container may be busy because it still posts the end.
  const isOverdue = run.checksSinceEnd > maxChecksForAnswer || (run.checksSinceEnd > 0 && !isBusy)
  if (run.end && isOverdue) return yield* reportOutcome(run.end, run)
  // The answer has arrived, so the condition of the container no longer matters.
  if (connection.reading) return null
  const loss = run.watchdog.loss(check, { connected: connection.open, arriving })
  return loss && (yield* reportLoss(loss, run))
}
