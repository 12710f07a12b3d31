import { isSettled, type Occurrence } from '../../domain/prediction/prediction.ts'
import type { Seen } from './client.ts'
import { isWatched, type Journey } from './remote-run.ts'
import { backOff } from './retry.ts'
import { createTextStream } from './text-stream.ts'
import { Trouble } from './upstream-error.ts'
import { jittered } from './waker.ts'

/** A run that the service does not know this often in a row is gone: it may know it a moment late. */
const mostMissing = 3

/** However often the service calls, it is asked no more often than this, in milliseconds. */
const leastPauseMs = 250

/** And however long it wants us to wait, it is asked again after this. */
const mostPauseMs = 2 * 60_000

/**
 * Says what happens to a run at the service until it ends there: true; or until the signal aborts,
 * or there is no telling any more: false, and it may go on there.
 */
export async function* follow(journey: Journey): AsyncGenerator<Occurrence, boolean> {
  const { live, report, signal, parts } = journey
  const stream = createTextStream({ ...parts, signal, stirred: live.alarm.ring })
  const pace = createPace(journey)
  const silence = createSilence(journey)
  while (!signal.aborted) {
    const fresh = stream.take()
    if (fresh.length > 0) yield* report.written(fresh)
    if (stream.wasDone() || live.stirred) pace.hurry()
    if (pace.pause() > 0) {
      await live.alarm.wait(pace.pause(), signal)
      continue
    }
    live.stirred = false
    const answer = await look(journey)
    if (signal.aborted) return false
    if (answer instanceof Trouble) {
      const lost = silence.useAsInput(answer)
      if (lost !== null) {
        yield* report.failed(lost, answer.raw)
        return false
      }
      pace.wait(silence.pause(answer))
      continue
    }
    silence.ends()
    yield* report.looked(answer)
    if (signal.aborted) return false
    if (isSettled(answer)) {
      yield* report.ended(answer)
      return true
    }
    if (answer.urls.stream && isText(journey)) stream.open(answer.urls.stream)
    pace.next(stream.isOpen())
  }
  return false
}

async function look({ live, signal, parts }: Journey): Promise<Seen | Trouble> {
  try {
    return await parts.client.getPrediction(live.remote, live.answers, { signal })
  } catch (error) {
    if (error instanceof Trouble) return error
    throw error
  }
}

/** How long nothing was heard of the run, and what that means. */
function createSilence({ live, parts: { client, limits, now } }: Journey) {
  let heardAt = now()
  let fruitless = 0
  let missing = 0
  return {
    ends(): void {
      heardAt = now()
      fruitless = 0
      missing = 0
    },
    /** Why there is no sense in asking again; null when there is. */
    useAsInput({ kind, status, message }: Trouble): string | null {
      missing = status === 404 ? missing + 1 : 0
      if (kind === 'too large') return `Its output is too large to fetch from ${client.service}.`
      if (missing >= mostMissing) return `${client.service} no longer has this prediction.`
      if (now() - heardAt <= limits.patienceMs) return null
      return `${message} The outcome of this run is not known. Its id there is ${live.remote}.`
    },
    /** How long to wait before asking again, in milliseconds. */
    pause(trouble: Trouble): number {
      const again = backOff(fruitless++, trouble, limits.pollMs, limits.mostPollMs)
      return Math.min(again, mostPauseMs)
    },
  }
}

/** Only text is told by a stream: the pieces of other outputs come whole. */
function isText({ run }: Journey): boolean {
  const { output } = run.version.schema
  return output.iterator && output.concatenate
}

/** When the service is asked next: often at first, then less and less. */
function createPace({ run, parts: { limits, now } }: Journey) {
  const watched = isWatched(run)
  let every = limits.pollMs
  let askedAt = -Infinity
  let at = -Infinity
  return {
    /** How long there is to wait, in milliseconds. */
    pause: () => at - now(),
    hurry(): void {
      at = Math.min(at, askedAt + leastPauseMs)
    },
    wait(ms: number): void {
      askedAt = now()
      at = askedAt + ms
    },
    next(streaming: boolean): void {
      this.wait(jittered(every))
      const most = watched || streaming ? limits.watchedPollMs : limits.mostPollMs
      every = Math.min(most, every * 1.5)
    },
  }
}
