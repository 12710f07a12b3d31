import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import { errorSentence } from '../process/exit.ts'
import type { PooledCopy, PoolMessage } from '../process/pool.ts'
import type { Batch, FromCopy } from '../protocol.ts'
import { runModelCall } from './model-calls.ts'
import type { LocalReporter } from './reporter.ts'
import { FileNotMade } from './run.ts'

export interface FollowedCopy {
  readonly run: Run
  readonly pooled: PooledCopy
  readonly channel: Channel<PoolMessage>
  readonly reporter: LocalReporter
  /** The run's own folder. */
  readonly folder: string
  /** Sends the run to the copy. */
  readonly begin: () => void
  hasStarted: boolean
}

/** Whether the copy can run another prediction, once a run is over; null before that. */
type Reusable = boolean | null

/** The effect of a message: the occurrences it reports, and whether the run is over with it. */
interface Handled {
  readonly occurrences: readonly Occurrence[]
  readonly reusable: Reusable
}

const ignored: Handled = { occurrences: [], reusable: null }

/** Reports what a copy sends until the run is over; returns whether the copy can be reused. */
export async function* followInCopy(copy: FollowedCopy): AsyncGenerator<Occurrence, boolean> {
  const { run, pooled, channel } = copy
  if (pooled.state === 'busy') {
    if (run.signal.aborted) return true
    yield* start(copy)
  } else yield { type: 'entered', phase: 'booting' }
  while (true) {
    const message = await channel.next()
    if (message.type === 'ready') {
      if (run.signal.aborted) return false
      pooled.state = 'busy'
      yield* start(copy)
      continue
    }
    if (message.type === 'done' && hasFiles(message.rest))
      yield { type: 'entered', phase: 'saving' }
    // Lists, as each generator that an occurrence passes through takes time.
    const { occurrences, reusable } = await handle(message, copy)
    yield* occurrences
    if (reusable !== null) return reusable
    if (message.type === 'batch') pooled.copy.send({ type: 'ack' })
  }
}

function hasFiles(rest: Batch | null): boolean {
  return rest !== null && (rest.made.length > 0 || rest.whole !== undefined)
}

async function handle(
  message: Exclude<PoolMessage, { type: 'ready' }>,
  copy: FollowedCopy,
): Promise<Handled> {
  switch (message.type) {
    case 'batch':
      return report(message, copy.reporter)
    case 'call':
      void onCall(message, copy)
      return ignored
    case 'printed':
      return { occurrences: copy.reporter.log(message.text), reusable: null }
    case 'done':
      return onDone(message.rest, copy)
    case 'failed':
      return onFailure(message, copy)
    case 'ended':
      return failed(message.sentence)
    default:
      // A model can write messages of its own to the channel.
      return ignored
  }
}

function* start(copy: FollowedCopy): Generator<Occurrence> {
  copy.hasStarted = true
  yield { type: 'started' }
  copy.begin()
}

async function onCall(
  message: Extract<FromCopy, { type: 'call' }>,
  { run, folder, pooled }: FollowedCopy,
): Promise<void> {
  const called = await runModelCall(message, run, folder)
  pooled.copy.send({ type: 'called', call: message.call, called })
}

async function onDone(rest: Batch | null, { channel, reporter }: FollowedCopy): Promise<Handled> {
  const last = rest ? await report(rest, reporter) : ignored
  if (last.reusable !== null) return last
  const late = await lateLogs(channel, reporter)
  return { occurrences: [...last.occurrences, ...late, { type: 'succeeded' }], reusable: true }
}

async function onFailure(
  { error, detail, reusable }: Extract<FromCopy, { type: 'failed' }>,
  { run, pooled, channel, reporter, hasStarted }: FollowedCopy,
): Promise<Handled> {
  const sentence = errorSentence(error, pooled.memoryMb)
  const late = await lateLogs(channel, reporter)
  // A canceled model throws because it was canceled.
  const logs = run.signal.aborted ? [] : reporter.log(`${detail}\n`)
  const said = hasStarted ? sentence : `Setup of the model failed: ${sentence}`
  return { occurrences: [...late, ...logs, { type: 'failed', error: said }], reusable }
}

function failed(error: string, before: readonly Occurrence[] = []): Handled {
  return { occurrences: [...before, { type: 'failed', error }], reusable: false }
}

/** Reports a batch, or the failure of the run when it cannot be kept. */
async function report(batch: Batch, reporter: LocalReporter): Promise<Handled> {
  const tooLarge = reporter.tooLarge(batch)
  if (tooLarge !== null) return failed(tooLarge)
  const logs = reporter.log(batch.logs)
  try {
    return { occurrences: [...logs, ...(await reporter.made(batch))], reusable: null }
  } catch (error) {
    if (!(error instanceof FileNotMade)) throw error
    const note = reporter.log(`${error.message} ${error.cause}\n`)
    return failed(error.message, [...logs, ...note])
  }
}

/** The process's own outputs come through pipes, a moment after the last message. */
async function lateLogs(
  channel: Channel<PoolMessage>,
  reporter: LocalReporter,
): Promise<readonly Occurrence[]> {
  await nextTurn()
  return channel
    .drain()
    .flatMap((message) => (message.type === 'printed' ? reporter.log(message.text) : []))
}
