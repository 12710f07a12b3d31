import { setImmediate as nextTurn } from 'node:timers/promises'
import { isList, type Json, parseJson } from '../../../domain/json/json.ts'
import { type Excerpt, wholeName } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { LocalLimits } from '../limits.ts'
import { errorSentence } from '../process/exit.ts'
import type { PooledCopy, PoolMessage } from '../process/pool.ts'
import type { Batch, FromCopy, SpilledOutput } from '../protocol.ts'
import { runModelCall } from './model-calls.ts'
import { FileNotMade, storeFile, storeFiles } from './run.ts'

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

/** Reports what a copy sends until the run is over; returns whether the copy can be reused. */
export async function* followInCopy(copy: FollowedCopy): AsyncGenerator<Occurrence, boolean> {
  const { run, pooled, channel } = copy
  if (pooled.state === 'busy') {
    if (run.signal.aborted) return true
    yield* start(copy)
  }
  while (true) {
    const reusable = yield* handle(await channel.next(), copy)
    if (reusable !== null) return reusable
  }
}

async function* handle(
  message: PoolMessage,
  copy: FollowedCopy,
): AsyncGenerator<Occurrence, Reusable> {
  switch (message.type) {
    case 'ready':
      if (copy.run.signal.aborted) return false
      copy.pooled.state = 'busy'
      yield* start(copy)
      return null
    case 'batch':
      return yield* onBatch(message, copy)
    case 'call':
      void onCall(message, copy)
      return null
    case 'printed':
      yield* copy.reporter.log(message.text)
      return null
    case 'done':
      return yield* onDone(message.rest, copy)
    case 'failed':
      return yield* onFailure(message, copy)
    case 'ended':
      return yield* fail(message.sentence)
    default:
      // A model can write messages of its own to the channel.
      return null
  }
}

function* start(copy: FollowedCopy): Generator<Occurrence> {
  copy.hasStarted = true
  yield { type: 'started' }
  copy.begin()
}

async function* onBatch(batch: Batch, copy: FollowedCopy): AsyncGenerator<Occurrence, Reusable> {
  const problem = yield* reportBatch(batch, copy.reporter)
  if (problem !== null) return yield* fail(problem)
  copy.pooled.copy.send({ type: 'ack' })
  return null
}

async function onCall(
  message: Extract<FromCopy, { type: 'call' }>,
  { run, folder, pooled }: FollowedCopy,
): Promise<void> {
  const called = await runModelCall(message, run, folder)
  pooled.copy.send({ type: 'called', call: message.call, called })
}

async function* onDone(
  rest: Batch | null,
  { channel, reporter }: FollowedCopy,
): AsyncGenerator<Occurrence, Reusable> {
  const problem = rest && (yield* reportBatch(rest, reporter))
  if (problem !== null) return yield* fail(problem)
  yield* reportLateLogs(channel, reporter)
  yield { type: 'succeeded' }
  return true
}

async function* onFailure(
  { error, detail, reusable }: Extract<FromCopy, { type: 'failed' }>,
  { run, pooled, channel, reporter, hasStarted }: FollowedCopy,
): AsyncGenerator<Occurrence, Reusable> {
  const sentence = errorSentence(error, pooled.memoryMb)
  yield* reportLateLogs(channel, reporter)
  // A canceled model throws because it was canceled.
  if (!run.signal.aborted) yield* reporter.log(`${detail}\n`)
  yield { type: 'failed', error: hasStarted ? sentence : `Setup of the model failed: ${sentence}` }
  return reusable
}

function* fail(error: string): Generator<Occurrence, false> {
  yield { type: 'failed', error }
  return false
}

/** Reports a batch; returns a sentence when it cannot be kept. */
async function* reportBatch(
  batch: Batch,
  reporter: LocalReporter,
): AsyncGenerator<Occurrence, string | null> {
  const tooLarge = reporter.tooLarge(batch)
  if (tooLarge !== null) return tooLarge
  try {
    yield* reporter.batch(batch)
    return null
  } catch (error) {
    if (!(error instanceof FileNotMade)) throw error
    yield* reporter.log(`${error.message} ${error.cause}\n`)
    return error.message
  }
}

/** The process's own outputs come through pipes, a moment after the last message. */
async function* reportLateLogs(
  channel: Channel<PoolMessage>,
  reporter: LocalReporter,
): AsyncGenerator<Occurrence> {
  await nextTurn()
  for (const message of channel.drain())
    if (message.type === 'printed') yield* reporter.log(message.text)
}

export type LocalReporter = ReturnType<typeof createLocalReporter>

/** Reports the output, logs and progress of a run, each part by its position. */
export function createLocalReporter(run: Run, { maxOutputUnits, maxLogUnits }: LocalLimits) {
  let items = 0
  let outputUnits = 0
  const log = createBoundedLog(maxLogUnits)

  /** Reports an output that is in a file. */
  async function* spill(whole: SpilledOutput, made: Batch['made']): AsyncGenerator<Occurrence> {
    const files = await storeFiles(made, run)
    const excerpt = parseJson(whole.excerpt) as unknown as Excerpt
    const file = await storeFile({ path: whole.path, name: wholeName(excerpt) }, run)
    yield { type: 'spilled', excerpt: { ...excerpt, ref: file.ref }, files: [...files, file] }
  }

  async function* emit(batch: Batch): AsyncGenerator<Occurrence> {
    const parsed = parseJson(batch.chunks)
    const chunks: readonly Json[] = isList(parsed) ? parsed : []
    const files = await storeFiles(batch.made, run)
    yield { type: 'emitted', index: items, chunks, files }
    items += chunks.length
  }

  return {
    log,
    /** Counts a batch; a sentence when the output exceeds its limit with it, else null. */
    tooLarge: (batch: Batch): string | null => {
      outputUnits += batch.chunks.length + (batch.whole?.size ?? 0)
      return outputUnits <= maxOutputUnits
        ? null
        : `The output is larger than ${Math.round(maxOutputUnits / 2 ** 20)} MB.`
    },
    /** Reports a batch. Throws `FileNotMade`. */
    async *batch(batch: Batch): AsyncGenerator<Occurrence> {
      yield* log(batch.logs)
      if (batch.whole) yield* spill(batch.whole, batch.made)
      else if (batch.chunks !== '') yield* emit(batch)
      if (batch.progress) yield { type: 'progressed', progress: batch.progress }
    },
  }
}
