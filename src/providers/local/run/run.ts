import { createReadStream, existsSync } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoredFile } from '../../../domain/file/file.ts'
import { formatJson, type JsonObject } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { isLongInput } from '../../../domain/prediction/long-input.ts'
import { type Channel, createChannel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { LocalModel } from '../library/describe.ts'
import type { LocalLimits } from '../limits.ts'
import type { Pool, PooledCopy, PoolMessage } from '../process/pool.ts'
import type { CopiedFile, MadeFile } from '../protocol.ts'
import { followInCopy } from './follow.ts'
import { createLocalReporter } from './reporter.ts'

export interface RunInCopyOptions {
  readonly run: Run
  readonly local: LocalModel
  readonly pool: Pool
  /** The run's own, for files in both directions. */
  readonly folder: string
  readonly limits: LocalLimits
}

/** Runs a prediction in a copy of its model. Nothing remains of the run but what was kept. */
export async function* runInCopy(options: RunInCopyOptions): AsyncGenerator<Occurrence> {
  const { run, local, pool, folder, limits } = options
  if (run.signal.aborted) return
  const channel = createChannel<PoolMessage>()
  const pooled = pool.acquire(local, receiver(channel, limits.maxLogUnits))
  const cancel = cancelOnAbort(run.signal, { pool, pooled, graceMs: limits.cancelGraceMs })
  const reporter = createLocalReporter(run, limits)
  let reusable = false
  try {
    const files = await copyInputs(run, folder)
    const input = await writeInput(run.input, folder)
    const begin = () => pooled.copy.send({ type: 'run', ...input, folder, files })
    const copy = { run, pooled, channel, reporter, folder, begin, hasStarted: false }
    reusable = yield* followInCopy(copy)
  } finally {
    cancel.dispose()
    if (reusable) pool.release(pooled)
    else await pool.discard(pooled)
    // Files that the copy still writes there are removed at the next start.
    if (existsSync(folder))
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

/** The input as its copy gets it. As a message, a long one would be written as JSON a second time. */
async function writeInput(input: JsonObject, folder: string) {
  if (!isLongInput(input)) return { input: formatJson(input), inputFile: null }
  await nextTurn()
  const inputFile = join(folder, 'input.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(inputFile, formatJson(input), { mode: 0o600 })
  return { input: '', inputFile }
}

/** Passes messages on, and printed text up to a limit: a process cannot be kept from printing. */
function receiver(channel: Channel<PoolMessage>, mostUnits: number) {
  let printed = 0
  return (message: PoolMessage): void => {
    if (message.type === 'printed') {
      if (printed > mostUnits) return
      printed += message.text.length
    }
    channel.push(message)
  }
}

function cancelOnAbort(
  signal: AbortSignal,
  { pool, pooled, graceMs }: { pool: Pool; pooled: PooledCopy; graceMs: number },
) {
  let grace: NodeJS.Timeout | undefined
  function cancel(): void {
    pooled.copy.send({ type: 'cancel' })
    // A copy that is still booting has nothing to tidy up.
    grace = setTimeout(() => pool.kill(pooled), pooled.state === 'booting' ? 0 : graceMs)
  }
  signal.addEventListener('abort', cancel, { once: true })
  return {
    dispose() {
      clearTimeout(grace)
      signal.removeEventListener('abort', cancel)
    },
  }
}

/** Copies the input files of a run into its folder. */
export function copyInputs(run: Run, folder: string): Promise<CopiedFile[]> {
  return copyFiles(run.files, run, folder)
}

/** Copies stored files into a folder, which is created if there are any. */
export async function copyFiles(
  files: readonly StoredFile[],
  run: Pick<Run, 'copyFile'>,
  folder: string,
): Promise<CopiedFile[]> {
  if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 })
  return Promise.all(
    files.map(async (file, index) => {
      const path = join(folder, `${index}-${file.name}`)
      await run.copyFile(file, path)
      return { file, path }
    }),
  )
}

/** The model named a file that does not exist or cannot be read. The message is the run's error. */
export class FileNotMade extends Error {
  constructor(name: string, options: ErrorOptions) {
    super(`The model did not create the file ${name}, or it cannot be read.`, options)
    this.name = 'FileNotMade'
  }
}

/** Stores the files that a model made. Throws `FileNotMade`. */
export async function storeFiles(made: readonly MadeFile[], run: Run): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const file of made) stored.push(await storeFile(file, run))
  return stored
}

/** Stores a file. Without a `ref` it gets a new one. Throws `FileNotMade`. */
export function storeFile(file: UnstoredFile, run: Run): Promise<StoredFile> {
  return run.keepFile(contentOf(file), file.name, file.ref)
}

type UnstoredFile = Pick<MadeFile, 'path' | 'name'> & { readonly ref?: string }

async function* contentOf({ path, name }: UnstoredFile): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error(`Not a file: ${path}`)
    yield* createReadStream(path)
  } catch (cause) {
    throw new FileNotMade(name, { cause })
  }
}
