import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { formatJson } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import { type Channel, createChannel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { LocalModel } from '../library/describe.ts'
import type { LocalLimits } from '../limits.ts'
import { errorSentence } from '../process/exit.ts'
import type { Pool, PooledCopy, PoolMessage } from '../process/pool.ts'
import type { Batch } from '../protocol.ts'
import { copyInputs, FileNotMade } from './files.ts'
import { runModelCall } from './model-calls.ts'
import { createLocalReporter, type LocalReporter } from './reporter.ts'

export interface RunInCopyOptions {
  readonly run: Run
  readonly local: LocalModel
  readonly pool: Pool
  /** The run's own, for files in both directions. */
  readonly folder: string
  readonly limits: LocalLimits
}

interface FollowOptions extends RunInCopyOptions {
  readonly pooled: PooledCopy
  readonly channel: Channel<PoolMessage>
  /** Tells the copy to begin. */
  readonly begin: () => void
}

/** Runs a prediction in a copy of its model, and leaves nothing of it behind but what was kept. */
export async function* runInCopy(options: RunInCopyOptions): AsyncGenerator<Occurrence> {
  const { run, local, pool, folder, limits } = options
  if (run.signal.aborted) return
  const channel = createChannel<PoolMessage>()
  const pooled = pool.acquire(local, receiver(channel, limits.maxLogUnits))
  const cancel = cancelOnAbort(run.signal, pooled, limits.cancelGraceMs)
  let reusable = false
  try {
    const files = await copyInputs(run, folder)
    const begin = () =>
      pooled.copy.send({ type: 'run', input: formatJson(run.input), folder, files })
    reusable = yield* followInCopy({ ...options, pooled, channel, begin })
  } finally {
    cancel.dispose()
    if (reusable) pool.release(pooled)
    else await pool.discard(pooled)
    // What a copy still writes there is removed at the next start.
    if (existsSync(folder))
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

/** Passes on what a copy says; what it prints is not ours to hold back, so only so much is heard. */
function receiver(
  channel: Channel<PoolMessage>,
  mostUnits: number,
): (message: PoolMessage) => void {
  let printed = 0
  return (message) => {
    if (message.type === 'printed') {
      if (printed > mostUnits) return
      printed += message.text.length
    }
    channel.push(message)
  }
}

/** Reports what the copy says until the run is over; answers whether the copy can serve another. */
async function* followInCopy(listening: FollowOptions): AsyncGenerator<Occurrence, boolean> {
  const { run, pooled, channel, begin, folder, limits } = listening
  const tally = createLocalReporter(run, limits)
  let begun = pooled.state === 'busy'
  if (begun) {
    if (run.signal.aborted) return true
    yield { type: 'started' }
    begin()
  }
  while (true) {
    const message = await channel.next()
    switch (message.type) {
      case 'ready':
        if (run.signal.aborted) return false
        begun = true
        pooled.state = 'busy'
        yield { type: 'started' }
        begin()
        break
      case 'batch': {
        const refused = yield* reportBatch(message, tally)
        if (refused !== null) {
          yield { type: 'failed', error: refused }
          return false
        }
        pooled.copy.send({ type: 'ack' })
        break
      }
      case 'call':
        void runModelCall(message, run, folder).then((called) =>
          pooled.copy.send({ type: 'called', call: message.call, called }),
        )
        break
      case 'printed':
        yield* tally.log(message.text)
        break
      case 'done': {
        const refused = message.rest && (yield* reportBatch(message.rest, tally))
        if (refused !== null) {
          yield { type: 'failed', error: refused }
          return false
        }
        yield* reportLateLogs(channel, tally)
        yield { type: 'succeeded' }
        return true
      }
      case 'failed': {
        const sentence = errorSentence(message.error, pooled.memoryMb)
        yield* reportLateLogs(channel, tally)
        // What a canceled model throws is how it heard of it, and no news.
        if (!run.signal.aborted) yield* tally.log(`${message.detail}\n`)
        yield {
          type: 'failed',
          error: begun ? sentence : `Setup of the model failed: ${sentence}`,
        }
        return message.reusable
      }
      case 'ended':
        yield { type: 'failed', error: message.sentence }
        return false
      case 'described':
        break
    }
  }
}

/** Reports a batch; answers why it was not taken, if it was not. */
async function* reportBatch(
  batch: Batch,
  tally: LocalReporter,
): AsyncGenerator<Occurrence, string | null> {
  const tooLarge = tally.tooLarge(batch)
  if (tooLarge !== null) return tooLarge
  try {
    yield* tally.batch(batch)
    return null
  } catch (error) {
    if (!(error instanceof FileNotMade)) throw error
    yield* tally.log(`${error.message} ${error.cause}\n`)
    return error.message
  }
}

/** What was printed on the way out comes by another pipe, a moment after the end. */
async function* reportLateLogs(
  channel: Channel<PoolMessage>,
  tally: LocalReporter,
): AsyncGenerator<Occurrence> {
  await nextTurn()
  for (const message of channel.drain())
    if (message.type === 'printed') yield* tally.log(message.text)
}

function cancelOnAbort(signal: AbortSignal, pooled: PooledCopy, graceMs: number) {
  let grace: NodeJS.Timeout | undefined
  function cancel(): void {
    pooled.copy.send({ type: 'cancel' })
    // A copy that is still booting has nothing to tidy up.
    grace = setTimeout(() => pooled.copy.kill(), pooled.state === 'booting' ? 0 : graceMs)
  }
  signal.addEventListener('abort', cancel, { once: true })
  return {
    dispose() {
      clearTimeout(grace)
      signal.removeEventListener('abort', cancel)
    },
  }
}
