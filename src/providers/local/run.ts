import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFile } from '../../domain/file.ts'
import { formatJson, isList, type Json, parseJson } from '../../domain/json.ts'
import type { Occurrence } from '../../domain/prediction.ts'
import type { Run } from '../provider.ts'
import { createChannel } from './channel.ts'
import type { LocalModel } from './describe.ts'
import type { FromRun, Pool, PooledCopy } from './pool.ts'
import type { Batch, CopiedFile } from './protocol.ts'

/** A canceled run may tidy up for this long before its process is killed. */
const cancelGraceMs = 2_000

/** A run's output and logs, as JSON and text, may not grow past these. */
const maxOutputUnits = 64 * 1024 * 1024
const maxLogUnits = 2 * 1024 * 1024

/** Runs a prediction in a copy of its model, and leaves nothing of it behind but what was kept. */
export async function* runInCopy(
  run: Run,
  local: LocalModel,
  pool: Pool,
  folder: string,
): AsyncGenerator<Occurrence> {
  const channel = createChannel<FromRun>()
  const pooled = pool.take(local, channel.push)
  const cancel = cancelOnAbort(run.signal, pooled)
  let reusable = false
  try {
    const files = await copyInputs(run, folder)
    if (pooled.state === 'busy') yield { type: 'started' }
    const begin = () =>
      pooled.copy.send({ type: 'run', input: formatJson(run.input), folder, files })
    if (pooled.state === 'busy') begin()
    reusable = yield* listen(run, pooled, channel.next, begin)
  } finally {
    cancel.dispose()
    if (reusable) pool.giveBack(pooled)
    else pooled.copy.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reports what the copy says until the run is over; answers whether the copy can serve another. */
async function* listen(
  run: Run,
  pooled: PooledCopy,
  next: () => Promise<FromRun>,
  begin: () => void,
): AsyncGenerator<Occurrence, boolean> {
  const made = createTally()
  while (true) {
    const message = await next()
    switch (message.type) {
      case 'ready':
        pooled.state = 'busy'
        yield { type: 'started' }
        begin()
        break
      case 'batch':
        yield* made.occurrences(message, run)
        if (made.tooLarge()) {
          yield { type: 'failed', error: `The output grew past ${maxOutputUnits >> 20} MB.` }
          return false
        }
        pooled.copy.send({ type: 'ack' })
        break
      case 'printed':
        yield* made.logged(message.text)
        break
      case 'done':
        yield { type: 'succeeded' }
        return true
      case 'failed':
        yield* made.logged(`${message.detail}\n`)
        yield { type: 'failed', error: asSentence(message.error, pooled) }
        return message.reusable
      case 'ended':
        yield { type: 'failed', error: message.sentence }
        return false
      case 'described':
        break
    }
  }
}

/** Counts what a run has made, so that each part is reported by its position. */
function createTally() {
  let items = 0
  let outputUnits = 0
  let logUnits = 0

  function* logged(text: string): Generator<Occurrence> {
    if (text === '' || logUnits >= maxLogUnits) return
    const room = maxLogUnits - logUnits
    const kept =
      text.length < room ? text : `${text.slice(0, room)}\n… the rest of the logs was not kept\n`
    yield { type: 'logged', offset: logUnits, text: kept }
    logUnits += kept.length
  }

  return {
    logged,
    tooLarge: () => outputUnits > maxOutputUnits,
    async *occurrences(batch: Batch, run: Run): AsyncGenerator<Occurrence> {
      yield* logged(batch.logs)
      if (batch.chunks !== '') {
        const parsed = parseJson(batch.chunks)
        const chunks: readonly Json[] = isList(parsed) ? parsed : []
        const files = await keepFiles(batch, run)
        outputUnits += batch.chunks.length
        yield { type: 'emitted', index: items, chunks, files }
        items += chunks.length
      }
      if (batch.progress) yield { type: 'progressed', progress: batch.progress }
    },
  }
}

async function keepFiles({ made }: Batch, run: Run): Promise<StoredFile[]> {
  const kept: StoredFile[] = []
  for (const { path, name, ref } of made)
    kept.push(await run.keepFile(createReadStream(path), name, ref))
  return kept
}

async function copyInputs(run: Run, folder: string): Promise<CopiedFile[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return Promise.all(
    run.files.map(async (file, index) => {
      const path = join(folder, `${index}-${file.name}`)
      await run.copyFile(file, path)
      return { file, path }
    }),
  )
}

function cancelOnAbort(signal: AbortSignal, pooled: PooledCopy) {
  let grace: NodeJS.Timeout | undefined
  function cancel(): void {
    pooled.copy.send({ type: 'cancel' })
    // A copy that is still booting has nothing to tidy up.
    const graceMs = pooled.state === 'booting' ? 0 : cancelGraceMs
    grace = setTimeout(() => pooled.copy.kill(), graceMs)
  }
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel, { once: true })
  return {
    dispose() {
      clearTimeout(grace)
      signal.removeEventListener('abort', cancel)
    },
  }
}

function asSentence(error: string, pooled: PooledCopy): string {
  const plain = error.trim().slice(0, 1_000) || 'The model failed without saying why.'
  return pooled.state === 'booting' ? `The model could not be set up: ${plain}` : plain
}
