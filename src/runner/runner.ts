import { createHash } from 'node:crypto'
import type { StoredFile } from '../domain/file.ts'
import { fileUri, safeFileName } from '../domain/file.ts'
import {
  canonicalJson,
  formatJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../domain/json.ts'
import type { Model, ModelRef, Version } from '../domain/model.ts'
import { modelName } from '../domain/model.ts'
import {
  isSettled,
  isWaiting,
  type Occurrence,
  type Prediction,
  type PredictionEvent,
} from '../domain/prediction.ts'
import { readSchema } from '../domain/schema.ts'
import { lacksSecrets, splitSecrets } from '../domain/secrets.ts'
import type { Files } from '../files/files.ts'
import type { Guard } from '../outbound/guard.ts'
import type { Provider } from '../providers/provider.ts'
import type { Seal } from '../seal.ts'
import type { Store, Submitted } from '../store/store.ts'
import { fetchInputs, InputNotFetched } from './input-files.ts'
import { createLedger } from './ledger.ts'
import { createQueues } from './queue.ts'

export interface RunnerOptions {
  readonly store: Store
  readonly files: Files
  readonly providers: readonly Provider[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A fresh id: 26 characters of base32. */
  readonly newId: () => string
  /** Fetches what inputs name by address. */
  readonly guard: Guard
  /** Keeps the secrets of a run until it settles. */
  readonly seal: Seal
  readonly log: Log
  /** Longest run of a model that names no time of its own, in milliseconds. */
  readonly runTimeoutMs: number
  /** Most predictions that wait for one model. */
  readonly maxQueue: number
  /** Largest file that a run may make, in bytes. */
  readonly maxFileBytes: number
}

export interface Log {
  info(details: object, message: string): void
  error(details: object, message: string): void
}

export interface StartRequest {
  readonly model: Model
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  readonly createdBy: string
  readonly source: Prediction['source']
  /** The hidden key of the form; null when it did not come from one. */
  readonly formKey: string | null
}

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'stopping' }

/** Presses on Run with one key and one input within this are one press. */
const samePressMs = 10_000

/** What a timer can wait: 24 days. */
const longestTimerMs = 2 ** 31 - 1

/** Why the work on a prediction was stopped. */
type StopReason = 'canceled' | 'expired' | 'stopped'

export type Runner = ReturnType<typeof createRunner>

/**
 * The one writer of predictions: whatever happens to one, wherever it comes from, ends in
 * `advance`. It also decides when each runs.
 */
export function createRunner(options: RunnerOptions) {
  const { store, files, providers, now, newId, log } = options
  const ledger = createLedger(store, now, (error) => log.error({ error }, 'A save failed'))
  const queues = createQueues()
  const working = new Map<string, { stop: (reason: StopReason) => void; done: Promise<void> }>()
  let stopping = false
  let started = 0

  const advance = (id: string, event: PredictionEvent) => ledger.advance(id, event)

  async function findModel(ref: ModelRef): Promise<Model | null> {
    for (const provider of providers) {
      const model = await provider.find(ref)
      if (model) return model
    }
    return null
  }

  async function start(request: StartRequest): Promise<Started> {
    if (stopping) return { ok: false, reason: 'stopping' }
    const { model } = request
    if (queues.length(modelName(model.ref)) >= options.maxQueue)
      return { ok: false, reason: 'queue full' }
    const { input, files: own } = await ownFiles(request)
    const { shown, secrets } = splitSecrets(readSchema(model.version.schemas), input)
    const prediction = newPrediction({ ...request, input: shown, files: own })
    const sealed = Object.keys(secrets).length > 0 ? options.seal.close(formatJson(secrets)) : null
    const submitted = submittedAs(request, model)
    const accepted = await store.accept(prediction, model.version, submitted, sealed)
    started++
    if (accepted === prediction) enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  /** One press on Run: its form's key, and what was in it. */
  function submittedAs({ formKey, input }: StartRequest, { version }: Model): Submitted | null {
    if (formKey === null) return null
    const { shown } = splitSecrets(readSchema(version.schemas), input)
    const hash = createHash('sha256').update(canonicalJson(shown)).digest('hex').slice(0, 32)
    return { key: `${formKey}-${hash}`, since: now() - samePressMs }
  }

  /** A file that belongs to another prediction is referred to anew: each link ends with its own. */
  async function ownFiles({ input, files: given }: StartRequest) {
    const replaced = new Map<string, StoredFile>()
    for (const file of given) {
      const known = await store.findFile(file.ref)
      replaced.set(fileUri(file), known?.prediction === null ? file : { ...file, ref: newId() })
    }
    return {
      input: replaceStrings(input, (text) => {
        const file = replaced.get(text)
        return file ? fileUri(file) : text
      }) as JsonObject,
      files: [...replaced.values()],
    }
  }

  function newPrediction(request: StartRequest): Prediction {
    const { model } = request
    return {
      id: newId(),
      model: model.ref,
      version: model.version.id,
      provider: model.provider,
      status: 'starting',
      input: request.input,
      output: null,
      iterates: readSchema(model.version.schemas).output.iterator,
      files: request.files,
      error: null,
      logs: '',
      progress: null,
      attempt: 1,
      revision: 1,
      createdAt: now(),
      startedAt: null,
      completedAt: null,
      source: request.source,
      createdBy: request.createdBy,
      visibility: 'public',
      parent: null,
    }
  }

  function enqueue(prediction: Prediction, model: Model): void {
    ledger.open(prediction)
    queues.add(modelName(model.ref), prediction.id)
    pump(model)
  }

  function pump(model: Model): void {
    const name = modelName(model.ref)
    while (!stopping) {
      const id = queues.take(name, Math.max(1, model.limits.copies))
      if (id === null) return
      const done = work(id, model)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .finally(() => {
          working.delete(id)
          queues.finish(name, id)
          pump(model)
        })
      const known = working.get(id)
      if (known) known.done = done
      queues.waiting(name).forEach(ledger.notify)
    }
  }

  /** Runs one prediction from its turn to its end. */
  async function work(id: string, model: Model): Promise<void> {
    const controller = new AbortController()
    const stop = (reason: StopReason) => controller.abort(reason)
    working.set(id, { stop, done: Promise.resolve() })
    const timeoutMs = Math.min(model.limits.timeoutMs ?? options.runTimeoutMs, longestTimerMs)
    const deadline = setTimeout(stop, timeoutMs, 'expired')
    try {
      const prediction = await ledger.find(id)
      const provider = providers.find(({ name }) => name === model.provider)
      if (!prediction || isSettled(prediction)) return
      const version = await versionOf(prediction, model)
      const input = await wholeInput(prediction, version)
      if (!input) return await advance(id, { type: 'failed', at: now(), error: sealedElsewhere })
      const ended = await follow(
        { ...prediction, input },
        version,
        model,
        provider,
        controller.signal,
      )
      if (!ended) await conclude(id, controller.signal, timeoutMs)
    } catch (error) {
      if (!(error instanceof InputNotFetched)) log.error({ error, prediction: id }, 'A run failed')
      await advance(id, { type: 'failed', at: now(), error: faultSentence(error) })
    } finally {
      clearTimeout(deadline)
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
    if (!lacksSecrets(readSchema(version.schemas), input)) return input
    const sealed = await store.findSecrets(id)
    const opened = sealed === null ? null : options.seal.open(sealed)
    const secrets = opened === null ? null : parseJson(opened)
    return isObject(secrets ?? undefined) ? { ...input, ...(secrets as JsonObject) } : null
  }

  /** Reports what the provider says; answers whether it said how the run ended. */
  async function follow(
    prediction: Prediction,
    version: Version,
    model: Model,
    provider: Provider | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    let ended = false
    if (!provider) return ended
    const { id } = prediction
    const given = provider.wantsFiles
      ? await withFetched(prediction, version, signal)
      : { input: prediction.input, files: prediction.files }
    const run = { id, version, ...given, signal, copyFile, keepFile }
    for await (const occurrence of provider.run(run)) {
      // A run that was told to stop says how it ended, but it was we who ended it.
      if (signal.aborted && settles(occurrence)) continue
      await advance(id, { ...occurrence, at: now() })
      ended ||= settles(occurrence)
      // What must not run twice is known to have begun before it begins.
      if (occurrence.type === 'started' && !model.limits.rerun) await ledger.settle(id)
    }
    return ended
  }

  async function withFetched(
    { input, files: own }: Prediction,
    version: Version,
    signal: AbortSignal,
  ) {
    const ways = { guard: options.guard, signal, keep: keepFile }
    const fetched = await fetchInputs(readSchema(version.schemas), input, ways)
    return { input: fetched.input, files: [...own, ...fetched.files] }
  }

  async function conclude(id: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
    const reason = signal.aborted ? (signal.reason as StopReason) : null
    if (reason === 'stopped') return ledger.settle(id)
    const at = now()
    if (reason === 'canceled') return advance(id, { type: 'canceled', at })
    if (reason === 'expired') {
      const error = `It took longer than the ${timeoutMs / 1000} s it may take.`
      return advance(id, { type: 'expired', at, error })
    }
    await advance(id, { type: 'failed', at, error: 'The run ended without a result.' })
  }

  function copyFile(file: StoredFile, path: string): Promise<void> {
    return files.copyTo(file.sha256, path)
  }

  async function keepFile(content: AsyncIterable<Uint8Array>, name: string, ref = newId()) {
    const stored = await files.put(content, options.maxFileBytes)
    return { ...stored, ref, name: safeFileName(name) }
  }

  async function recoverOne(prediction: Prediction): Promise<void> {
    const model = await findModel(prediction.model)
    if (!model) {
      const error = 'The server stopped before this ended, and its model is no longer here.'
      return advance(prediction.id, { type: 'failed', at: now(), error })
    }
    await advance(prediction.id, { type: 'interrupted', at: now(), rerun: model.limits.rerun })
    await ledger.settle(prediction.id)
    const next = await ledger.find(prediction.id)
    if (next && isWaiting(next)) enqueue(next, model)
  }

  return {
    start,
    advance,
    findModel,
    /** As saved: what a page may show. */
    find: ledger.find,
    /** Whether anything runs or has happened since this was last asked. */
    wasBusy(): boolean {
      const busy = working.size > 0 || started > 0
      started = 0
      return busy
    },
    /** Calls back after each change of any prediction, with its id. */
    listen: ledger.listen,
    /** Place in line from 1; null when it does not wait for its turn. */
    position: ({ model, id }: Pick<Prediction, 'model' | 'id'>) =>
      queues.position(modelName(model), id),

    /** Ends a prediction for good. Resolves when it is canceled, its process gone; or was settled. */
    async cancel(id: string): Promise<void> {
      const prediction = await ledger.find(id)
      if (!prediction || isSettled(prediction)) return
      const name = modelName(prediction.model)
      if (queues.leave(name, id)) queues.waiting(name).forEach(ledger.notify)
      const work = working.get(id)
      if (work) {
        work.stop('canceled')
        await work.done
      } else await advance(id, { type: 'canceled', at: now() })
      await ledger.settle(id)
    },

    /** Cancels a prediction if need be, then removes it and ends the links to its files. */
    async remove(id: string): Promise<boolean> {
      await this.cancel(id)
      return ledger.remove(id)
    },

    /**
     * Resolves when `holds` is true of the prediction as saved (null once it is gone), when `ms`
     * have passed, or when the signal aborts; with the prediction as it then is.
     */
    async until(
      id: string,
      holds: (prediction: Prediction | null) => boolean,
      ms: number,
      signal?: AbortSignal,
    ): Promise<Prediction | null> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = async () => holds(await ledger.find(id)) && resolve()
      const finish = () => resolve()
      const unwatch = ledger.watch(id, check)
      const timer = setTimeout(finish, ms)
      signal?.addEventListener('abort', finish)
      await check()
      await promise
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      unwatch()
      return ledger.find(id)
    },

    /** Takes up what an earlier process left: queued runs queue again, cut ones follow the lifecycle. */
    async recover(): Promise<void> {
      const left = await store.unsettled()
      for (const prediction of left) await recoverOne(prediction)
      if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
    },

    /** Resolves with the prediction as it is when it settles, or when `ms` have passed. */
    settledWithin(id: string, ms: number): Promise<Prediction | null> {
      return this.until(id, (prediction) => !prediction || isSettled(prediction), ms)
    },

    /** Takes no more, gives running predictions `graceMs` to end, and stops the rest. */
    async stop(graceMs: number): Promise<void> {
      stopping = true
      const ended = Promise.all([...working.values()].map(({ done }) => done))
      await Promise.race([ended, delay(graceMs)])
      for (const { stop } of working.values()) stop('stopped')
      await ended
      await ledger.settleAll()
    },
  }
}

const sealedElsewhere =
  'The secret it was given cannot be read: the key of the server has changed. Run it again.'

function settles({ type }: Occurrence): boolean {
  return type === 'succeeded' || type === 'failed' || type === 'canceled' || type === 'expired'
}

function faultSentence(error: unknown): string {
  if (error instanceof InputNotFetched) return error.message
  return error instanceof Error && error.name === 'FileNotKept'
    ? `A file that the model made could not be kept: ${(error as Error & { reason: string }).reason}.`
    : 'Sandpit could not run this. The reason is in the server’s log.'
}

function replaceStrings(json: Json, replace: (text: string) => string): Json {
  if (typeof json === 'string') return replace(json)
  if (isList(json)) return json.map((item) => replaceStrings(item, replace))
  if (!isObject(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key, replaceStrings(item, replace)]),
  )
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
