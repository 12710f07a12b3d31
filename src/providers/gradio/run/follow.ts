import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import { sleep } from '../../../sleep.ts'
import type { Channel } from '../../channel.ts'
import type { GradioLimits } from '../limits.ts'
import type { Update } from './connection.ts'
import { failureSentence } from './refusal.ts'
import type { Reporter } from './reporter.ts'

export interface FollowOptions {
  readonly channel: Channel<Update>
  readonly reporter: Reporter
  readonly limits: GradioLimits
  readonly signal: AbortSignal
  /** Called when the app begins with the run. */
  began(): void
}

/** `ended`: the end was reported. `told to stop`: by us. `unknown`: the app never had the run. */
export type FollowEnd = 'ended' | 'told to stop' | 'unknown'

/** Reports what an app says of a run, until it ends. What comes within `gatherMs` is reported together. */
export async function* followRun(options: FollowOptions): AsyncGenerator<Occurrence, FollowEnd> {
  const { channel, reporter, limits, signal } = options
  let hasBegun = false
  while (true) {
    const updates = [await channel.next(), ...channel.drain()]
    let progress: Progress | null = null
    for (const update of updates) {
      if (update.type === 'starts' || (!hasBegun && isWork(update))) {
        hasBegun = true
        progress = null
        options.began()
        yield { type: 'started' }
      }
      progress = progressIn(update) ?? progress
      if (update.type === 'logged') yield* reporter.log(update.text)
      if (update.type === 'made') reporter.make(update.data, update.units)
      const end = yield* endWith(update, options, hasBegun)
      if (end) return end
    }
    if (progress) yield { type: 'progressed', progress }
    yield* reporter.snapshot()
    await sleep(limits.gatherMs, signal)
  }
}

function isWork({ type }: Update): boolean {
  return type === 'made' || type === 'progressed' || type === 'completed'
}

function progressIn(update: Update): Progress | null {
  if (update.type === 'progressed') return update.progress
  if (update.type !== 'waits') return null
  const { rank, eta } = update
  const before = rank === 0 ? 'next' : `${rank} before it`
  return {
    label: `Waiting in the queue of its app: ${before}`,
    ...(eta === null ? {} : { eta: Math.max(0, Math.round(eta)) }),
  }
}

async function* endWith(
  update: Update,
  { reporter }: FollowOptions,
  hasBegun: boolean,
): AsyncGenerator<Occurrence, FollowEnd | null> {
  switch (update.type) {
    case 'aborted':
      return 'told to stop'
    case 'completed':
      if (update.seconds !== null)
        yield { type: 'measured', metrics: { predict_time: update.seconds } }
      yield* reporter.end(update.data)
      yield { type: 'succeeded' }
      return 'ended'
    case 'emptied':
      yield* failed('The app canceled this run without being asked to.', reporter)
      return 'ended'
    case 'failed': {
      const { error, title } = update
      if (error !== null) yield* reporter.note(error)
      yield* failed(failureSentence(error, title), reporter)
      return 'ended'
    }
    case 'lost':
      if (!hasBegun) return 'unknown'
      yield* failed(lostSentence, reporter)
      return 'ended'
    case 'closed':
      yield* failed(`The app went away in the middle of this run: ${update.reason}.`, reporter)
      return 'ended'
    default:
      return null
  }
}

/** Reports the last output first, of which a part may be of use. */
async function* failed(error: string, reporter: Reporter): AsyncGenerator<Occurrence> {
  yield* reporter.snapshot()
  yield { type: 'failed', error }
}

export const lostSentence =
  'The app does not know this run any longer: it was restarted, or another copy of it answered.'
