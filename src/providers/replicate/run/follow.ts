import type { Occurrence } from '../../../domain/prediction/event.ts'
import { isSettled } from '../../../domain/prediction/prediction.ts'
import type { PolledPrediction } from '../client.ts'
import { jittered, retryDelay } from '../retry.ts'
import { UpstreamError } from '../upstream-error.ts'
import { acceptsWebhooks, type RemoteRun } from './remote-run.ts'
import { createTextStream } from './text-stream.ts'

/** A run is gone after so many 404s in a row: the service may know a new one a moment late. */
const maxMissing = 3

/** Polls are at least this far apart, however many webhooks arrive, in milliseconds. */
const leastPauseMs = 250

/** The longest pause between polls, whatever the service asks for, in milliseconds. */
const mostPauseMs = 2 * 60_000

/**
 * Reports a run at the service until it ends there: true. False when the signal aborts, or when its
 * end can no longer be learned; it may continue at the service then.
 */
export async function* followAtReplicate(
  remoteRun: RemoteRun,
): AsyncGenerator<Occurrence, boolean> {
  const { live, reporter, signal, parts } = remoteRun
  const stream = createTextStream({ ...parts, signal, onChange: live.waker.wake })
  const schedule = createPollSchedule(remoteRun)
  const outage = createOutage(remoteRun)
  while (!signal.aborted) {
    const texts = stream.take()
    if (texts.length > 0) yield* reporter.streamed(texts)
    if (stream.takeDone() || live.changed) schedule.pollSoon()
    if (schedule.dueInMs() > 0) {
      await live.waker.sleep(schedule.dueInMs(), signal)
      continue
    }
    live.changed = false
    const polled = await poll(remoteRun)
    if (signal.aborted) return false
    if (polled instanceof UpstreamError) {
      const failure = outage.failure(polled)
      if (failure !== null) {
        yield* reporter.fail(failure, polled.raw)
        return false
      }
      schedule.pollIn(outage.pauseMs(polled))
      continue
    }
    outage.end()
    yield* reporter.observe(polled)
    if (signal.aborted) return false
    if (isSettled(polled)) {
      yield* reporter.end(polled)
      return true
    }
    if (polled.urls.stream && isText(remoteRun)) stream.open(polled.urls.stream)
    schedule.scheduleNext(stream.isOpen())
  }
  return false
}

async function poll({ live, signal, parts }: RemoteRun): Promise<PolledPrediction | UpstreamError> {
  try {
    return await parts.client.getPrediction(live.remote, live.responses, { signal })
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}

/** How long polls have failed, and whether to go on polling. */
function createOutage({ live, parts: { client, limits, now } }: RemoteRun) {
  let lastSuccess = now()
  let failures = 0
  let missing = 0
  return {
    end(): void {
      lastSuccess = now()
      failures = 0
      missing = 0
    },
    /** Why polling again is useless, as a sentence; null when it is not. */
    failure({ kind, status, message }: UpstreamError): string | null {
      missing = status === 404 ? missing + 1 : 0
      if (kind === 'too large') return `Its output is too large to fetch from ${client.service}.`
      if (missing >= maxMissing) return `${client.service} no longer has this prediction.`
      if (now() - lastSuccess <= limits.patienceMs) return null
      return `${message} The outcome of this run is not known. Its id there is ${live.remote}.`
    },
    /** How long to wait before the next poll, in milliseconds. */
    pauseMs(error: UpstreamError): number {
      const pause = retryDelay(failures++, error, limits.pollMs, limits.mostPollMs)
      return Math.min(pause, mostPauseMs)
    },
  }
}

/** Only text is streamed in pieces that can be joined. */
function isText({ run }: RemoteRun): boolean {
  const { output } = run.version.schema
  return output.iterator && output.concatenate
}

/** When to poll next: often at first, then less and less. */
function createPollSchedule({ run, parts: { limits, now } }: RemoteRun) {
  const hasWebhooks = acceptsWebhooks(run)
  let every = limits.pollMs
  let polledAt = -Infinity
  let dueAt = -Infinity
  return {
    dueInMs: () => dueAt - now(),
    pollSoon(): void {
      dueAt = Math.min(dueAt, polledAt + leastPauseMs)
    },
    pollIn(ms: number): void {
      polledAt = now()
      dueAt = polledAt + ms
    },
    scheduleNext(isStreaming: boolean): void {
      this.pollIn(jittered(every))
      const most = hasWebhooks || isStreaming ? limits.webhookPollMs : limits.mostPollMs
      every = Math.min(most, every * 1.5)
    },
  }
}
