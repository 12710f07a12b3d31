import { setTimeout as delay } from 'node:timers/promises'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'
import { listIn, textIn } from '../../domain/json/parts.ts'
import type { Model, Version } from '../../domain/model/model.ts'
import type { Occurrence } from '../../domain/prediction/event.ts'
import {
  isSettled,
  isSpilling,
  logLength,
  outputLength,
  type Prediction,
} from '../../domain/prediction/prediction.ts'
import { longestTimerMs } from '../../domain/timer.ts'
import { StoreBusy } from '../../domain/unavailable.ts'
import type { Provider, Run } from '../../providers/provider.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import type { Callbacks } from './callbacks.ts'
import { createRunInput } from './input-files.ts'
import { createRecorder } from './recorder.ts'
import { endWithoutResult, isExpected, sentenceOfError } from './run-end.ts'
import type { SubRuns } from './sub-runs.ts'

interface ExecutorOptions extends RunnerOptions {
  readonly journal: Journal
  readonly callbacks: Callbacks
  readonly subRuns: SubRuns
}

/** Runs a prediction to its end; aborting the controller ends it earlier. Never rejects for a fault of the run. */
export type Execute = (id: string, model: Model, controller: AbortController) => Promise<void>

type Job = Prediction & { readonly deadline: number }

/** How long a run may take. */
interface Timing {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** To be called when the run itself has begun. */
  readonly begun: () => void
}

export function createExecutor(options: ExecutorOptions): Execute {
  const { files, providers, now, newId, log, journal } = options
  const runInput = createRunInput({ ...options, keepFile })
  const recording = { journal, now, keepFile }

  async function execute(id: string, model: Model, controller: AbortController): Promise<void> {
    const { signal } = controller
    const timeoutMs = Math.min(model.limits.timeoutMs ?? options.runTimeoutMs, longestTimerMs)
    const expire = () => controller.abort('expired')
    let timer = setTimeout(expire, Math.min(timeoutMs + (model.limits.bootMs ?? 0), longestTimerMs))
    const begun = () => {
      // The start of a container counts for no run.
      if (model.limits.bootMs === undefined) return
      clearTimeout(timer)
      timer = setTimeout(expire, timeoutMs)
    }
    try {
      await start(id, model, { signal, timeoutMs, begun })
    } catch (error) {
      // An aborted run may fail in any way.
      if (signal.aborted) return await end(id, endWithoutResult(signal, timeoutMs))
      if (!isExpected(error)) log.error({ error, prediction: id }, 'A run failed')
      await end(id, { type: 'failed', error: sentenceOfError(error) })
    } finally {
      clearTimeout(timer)
    }
  }

  async function start(id: string, model: Model, { signal, timeoutMs, begun }: Timing) {
    const expires = now() + timeoutMs + (model.limits.bootMs ?? 0)
    const prediction = await journal.find(id)
    if (!prediction || isSettled(prediction)) return
    const version = await runInput.versionOf(prediction, model)
    const input = await runInput.withSecrets(prediction, version)
    if (!input) return end(id, { type: 'failed', error: keyChanged })
    const deadline = Math.min(expires, prediction.deadline ?? expires)
    const provider = providers.find(({ name }) => name === model.provider)
    const job = { ...prediction, input, deadline }
    const ended = provider && (await runAt(provider, job, version, model, { signal, begun }))
    if (!ended) await end(id, endWithoutResult(signal, timeoutMs))
  }

  async function end(id: string, occurrence: Occurrence | null): Promise<void> {
    if (occurrence) await journal.record(id, { ...occurrence, at: now() })
    else await journal.flush(id)
  }

  /** Records what the provider reports. Returns whether it reported an end. */
  async function runAt(
    provider: Provider,
    job: Job,
    version: Version,
    model: Model,
    { signal, begun }: Pick<Timing, 'signal' | 'begun'>,
  ): Promise<boolean> {
    const { id, attempt, remote, deadline, deployment } = job
    const given = await runInput.withFiles(job, version, provider, signal)
    const recorder = createRecorder(job, version, recording)
    const callback = options.callbacks.open(id, attempt, provider)
    const subRuns = options.subRuns.open(job, signal)
    const known = knownOf(job)
    const { callbackUrl, fileUrl, localRoute } = callback
    const { runModel } = subRuns
    const means = { signal, callbackUrl, fileUrl, localRoute, runModel, copyFile, keepFile }
    let ended = false
    if (provider.warmth(job.model) === 'cold') options.coldRun?.(id, now())
    try {
      const run = { id, attempt, remote, known, deadline, version, deployment, ...given, ...means }
      for await (const occurrence of provider.run(run)) {
        // The end that an aborted run reports is ours: the reason of the signal decides which.
        if (signal.aborted && isEnd(occurrence)) continue
        await recorder.record(occurrence)
        if (occurrence.type === 'started') begun()
        ended ||= isEnd(occurrence)
        if (mustBeSaved(occurrence, model)) await save(id, signal)
      }
    } finally {
      callback.close()
      await subRuns.end()
      await recorder.end()
    }
    return ended
  }

  /** Saves the events of a run so far. While the database is away, the run waits for it. */
  async function save(id: string, signal: AbortSignal): Promise<void> {
    try {
      await journal.flush(id)
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error
      await delay(saveRetryMs, undefined, { signal })
      await save(id, signal)
    }
  }

  function copyFile(file: StoredFile, path: string): Promise<void> {
    return files.copyTo(file.sha256, path)
  }

  async function keepFile(content: AsyncIterable<Uint8Array>, name: string, ref = newId()) {
    return namedFile(await files.put(content, options.maxFileBytes), ref, name)
  }

  return execute
}

/** As the journal itself tries again. */
const saveRetryMs = 1_000

const keyChanged =
  'A secret input could not be read because the server’s key has changed. Run it again.'

/** A file that was being written is lost with its process: the whole output is asked for again. */
function knownOf(prediction: Prediction): Run['known'] {
  const logs = logLength(prediction)
  if (isSpilling(prediction)) return { chunks: 0, units: 0, logs }
  const units = listIn(prediction.output).reduce<number>((sum, one) => sum + textIn(one).length, 0)
  return { chunks: outputLength(prediction), units, logs }
}

/** Whether a run is over with it. An interrupted run may start again, as another attempt. */
function isEnd({ type }: Occurrence): boolean {
  return ['succeeded', 'failed', 'canceled', 'expired', 'interrupted'].includes(type)
}

/** The start of a run that must not be repeated is saved before the run goes on. */
function mustBeSaved({ type }: Occurrence, { limits }: Model): boolean {
  return type === 'submitted' || type === 'interrupted' || (type === 'started' && !limits.rerun)
}
