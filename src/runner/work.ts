import { namedFile, type StoredFile } from '../domain/file/file.ts'
import { mostLevels } from '../domain/json/bounds.ts'
import { isObject, type JsonObject, JsonPastBounds, parseJson } from '../domain/json/json.ts'
import type { Model, Version } from '../domain/model/model.ts'
import {
  isSettled,
  isSpilling,
  logLength,
  type Occurrence,
  outputLength,
  type Prediction,
} from '../domain/prediction/prediction.ts'
import { lacksSecrets, secretTexts } from '../domain/schema/secrets.ts'
import type { Provider } from '../providers/provider.ts'
import type { Callbacks } from './callbacks.ts'
import type { Chains } from './chains.ts'
import { fetchInputs, InputNotFetched } from './input-files.ts'
import type { Journal } from './journal.ts'
import { createOccurrenceFilter } from './occurrence-filter.ts'
import type { RunnerOptions } from './options.ts'
import { createSpill } from './spill.ts'

/** Why the work on a prediction was stopped: the reason its signal aborts with. */
export type StopReason = 'canceled' | 'expired' | 'overdue' | 'stopped'

/** What a timer can wait: 24 days. */
const longestTimerMs = 2 ** 31 - 1

export type Work = ReturnType<typeof createWork>

/** The work on predictions, one by one: a provider runs each, and the journal hears of it. */
export function createWork(
  options: RunnerOptions,
  journal: Journal,
  callbacks: Callbacks,
  chains: Chains,
) {
  const { store, files, providers, now, newId, log } = options
  const { advance } = journal

  /** Runs one prediction from its turn to its end. */
  async function work(id: string, model: Model, controller: AbortController): Promise<void> {
    const { signal } = controller
    const timeoutMs = Math.min(model.limits.timeoutMs ?? options.runTimeoutMs, longestTimerMs)
    const timer = setTimeout(() => controller.abort('expired'), timeoutMs)
    const expires = now() + timeoutMs
    try {
      const prediction = await journal.find(id)
      const provider = providers.find(({ name }) => name === model.provider)
      if (!prediction || isSettled(prediction)) return
      const version = await versionOf(prediction, model)
      const input = await wholeInput(prediction, version)
      if (!input) return await advance(id, { type: 'failed', at: now(), error: sealedElsewhere })
      const deadline = Math.min(expires, prediction.deadline ?? expires)
      const whole = { ...prediction, input, deadline }
      const ended = await follow(whole, version, model, provider, signal)
      if (!ended) await conclude(id, signal, timeoutMs)
    } catch (error) {
      // What breaks because it was told to stop is no news.
      if (signal.aborted) return await conclude(id, signal, timeoutMs)
      if (!isForeseen(error)) log.error({ error, prediction: id }, 'A run failed')
      await advance(id, { type: 'failed', at: now(), error: faultSentence(error) })
    } finally {
      clearTimeout(timer)
    }
  }

  async function versionOf(prediction: Prediction, model: Model): Promise<Version> {
    if (prediction.version === model.version.id) return model.version
    return (await store.findVersion(model.ref, prediction.version)) ?? model.version
  }

  /** The input with its secrets; null when they cannot be read. */
  async function wholeInput(
    { id, input }: Prediction,
    version: Version,
  ): Promise<JsonObject | null> {
    if (!lacksSecrets(version.schema, input)) return input
    const sealed = await store.findSecrets(id)
    const opened = sealed === null ? null : options.seal.open(sealed)
    const secrets = opened === null ? null : parseJson(opened)
    return isObject(secrets ?? undefined) ? { ...input, ...(secrets as JsonObject) } : null
  }

  /** Reports what the provider says; answers whether it said how the run ended. */
  async function follow(
    prediction: Prediction & { readonly deadline: number },
    version: Version,
    model: Model,
    provider: Provider | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    let ended = false
    if (!provider) return ended
    const { id, attempt, remote, deadline } = prediction
    // What an upstream works on already was given to it when it began.
    const given =
      provider.wantsFiles && remote === null
        ? await withFetched(prediction, version, signal)
        : { input: prediction.input, files: prediction.files }
    const filter = createOccurrenceFilter(secretTexts(version.schema, prediction.input))
    const callback = callbacks.open(id, attempt, provider, given.files)
    const chain = chains.open(prediction, signal)
    const { runModel } = chain
    const { callbackUrl, fileUrl, ownWay } = callback
    const ways = { signal, callbackUrl, fileUrl, ownWay, runModel, copyFile, keepFile }
    const spill = createSpill(prediction, keepFile)
    // A file that was being written is gone with whoever wrote it: all of it is asked for again.
    const chunks = isSpilling(prediction) ? 0 : outputLength(prediction)
    const known = { chunks, logs: logLength(prediction) }
    const hear = async (heard: readonly Occurrence[]) => {
      for (const one of heard) await tell(id, await spill.hear(one))
    }
    try {
      for await (const occurrence of provider.run({
        id,
        attempt,
        remote,
        known,
        deadline,
        version,
        ...given,
        ...ways,
      })) {
        // A run that was told to stop says how it ended, but it was we who ended it.
        if (signal.aborted && settles(occurrence)) continue
        await hear(filter.hear(occurrence))
        ended ||= settles(occurrence)
        if (mustBeKnown(occurrence, model)) await journal.flush(id)
      }
    } finally {
      callback.close()
      await chain.end()
      await tell(id, filter.rest())
      await tell(id, await spill.end())
    }
    return ended
  }

  async function tell(id: string, occurrences: readonly Occurrence[]): Promise<void> {
    for (const occurrence of occurrences) await advance(id, { ...occurrence, at: now() })
  }

  async function withFetched(
    { input, files: own }: Prediction,
    version: Version,
    signal: AbortSignal,
  ) {
    const ways = { guard: options.guard, signal, keep: keepFile }
    const fetched = await fetchInputs(version.schema, input, ways)
    return { input: fetched.input, files: [...own, ...fetched.files] }
  }

  async function conclude(id: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
    const reason = signal.aborted ? (signal.reason as StopReason) : null
    if (reason === 'stopped') return journal.flush(id)
    const at = now()
    if (reason === 'canceled') return advance(id, { type: 'canceled', at })
    if (reason === 'overdue') return advance(id, { type: 'overdue', at, error: overdueSentence })
    if (reason === 'expired') {
      const error = `It timed out after ${timeoutMs / 1000} s.`
      return advance(id, { type: 'expired', at, error })
    }
    await advance(id, { type: 'failed', at, error: 'The run ended without a result.' })
  }

  function copyFile(file: StoredFile, path: string): Promise<void> {
    return files.copyTo(file.sha256, path)
  }

  async function keepFile(content: AsyncIterable<Uint8Array>, name: string, ref = newId()) {
    const stored = await files.put(content, options.maxFileBytes)
    return namedFile(stored, ref, name)
  }

  return work
}

const sealedElsewhere =
  'A secret input could not be read because the server’s key has changed. Run it again.'

export const overdueSentence = 'It did not start before its deadline.'

/** What ends a run; a run that was cut short begins anew, if at all, in another. */
function settles({ type }: Occurrence): boolean {
  return ['succeeded', 'failed', 'canceled', 'expired', 'interrupted'].includes(type)
}

/** What must not run twice is known to have begun before it begins. */
function mustBeKnown({ type }: Occurrence, { limits }: Model): boolean {
  return type === 'submitted' || type === 'interrupted' || (type === 'started' && !limits.rerun)
}

/** What others are to blame for: it is told to who asked, and no news to the operator. */
function isForeseen(error: unknown): boolean {
  return error instanceof InputNotFetched || error instanceof JsonPastBounds
}

function faultSentence(error: unknown): string {
  if (error instanceof InputNotFetched) return error.message
  if (error instanceof JsonPastBounds)
    return `The model’s output is nested too deeply. The maximum is ${mostLevels} levels.`
  return error instanceof Error && error.name === 'FileNotKept'
    ? `A file from the model could not be saved: ${(error as Error & { reason: string }).reason}.`
    : 'Sandpit could not run this. The server’s log has the reason.'
}
