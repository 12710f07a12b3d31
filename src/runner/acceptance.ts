import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoredFile } from '../domain/file/file.ts'
import { formatJson, type JsonObject } from '../domain/json/json.ts'
import type { Model } from '../domain/model/model.ts'
import type { Quota } from '../domain/people/quota.ts'
import type { Exceeded } from '../domain/people/usage.ts'
import { isLongInput } from '../domain/prediction/long-input.ts'
import { newPrediction, type Prediction } from '../domain/prediction/prediction.ts'
import { splitSecrets } from '../domain/schema/secrets.ts'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import type { IdempotencyKey } from '../store/store.ts'
import type { Catalogue } from './catalogue.ts'
import { idempotencyKeyOf } from './idempotency.ts'
import type { RunnerOptions } from './options.ts'
import { createOwnInput } from './own-input.ts'
import type { Scheduler } from './queue/scheduler.ts'
import type { Quotas } from './quotas/quotas.ts'

export interface StartRequest {
  readonly model: Model
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  readonly createdBy: string
  /** As in `Prediction`; that of the maker by default. */
  readonly account?: Prediction['account']
  readonly source: Prediction['source']
  /** The hidden key of its form; null when it did not come from a form. */
  readonly formKey: string | null
  /** As in `Prediction`; null by default. */
  readonly deadline?: Prediction['deadline']
  readonly webhook?: Prediction['webhook']
  readonly deployment?: Prediction['deployment']
  readonly parent?: Prediction['parent']
  readonly continues?: Prediction['continues']
  readonly group?: Prediction['group']
  /** The limits of the maker; none by default. */
  readonly quota?: Quota | null
  /** Public by default. A run of a private model is private. */
  readonly visibility?: Prediction['visibility']
}

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'draining' | 'stopping' | NotAccepted }
  /** The maker has used up a limit of theirs. */
  | { readonly ok: false; readonly reason: 'quota'; readonly exceeded: Exceeded }

/** Why the store did not take a prediction. */
type NotAccepted = 'no space' | 'database busy'

interface AcceptanceOptions extends RunnerOptions {
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
  readonly quotas: Quotas
}

/** Accepts predictions and queues them, unless the server or the model takes none. */
export function createAcceptance(options: AcceptanceOptions) {
  const { store, catalogue, scheduler, quotas } = options
  const prepare = createPrepare(options)

  async function start(request: StartRequest): Promise<Started> {
    const refusal = await refusalOf(request)
    if (refusal) return { ok: false, reason: refusal }
    const { quota } = request
    return quota ? startWithin(request, quota, await freeOf(request)) : accept(request)
  }

  /** Accepts a prediction if the limits of its maker allow it. A second press on Run is no second prediction. */
  async function startWithin(request: StartRequest, quota: Quota, free: number): Promise<Started> {
    const admission = await quotas.admit(request.createdBy, quota, free)
    if (!admission.ok) {
      const { exceeded } = admission
      const key = idempotencyKeyOf(request, options.now())
      const earlier = key && (await store.findAccepted(request.model.version.id, key))
      return earlier ? { ok: true, prediction: earlier } : { ok: false, reason: 'quota', exceeded }
    }
    let isNew = false
    try {
      return await accept(request, () => {
        isNew = true
      })
    } finally {
      await admission.end(isNew)
    }
  }

  async function accept(request: StartRequest, isNew = () => {}): Promise<Started> {
    const { model } = request
    const { prediction, idempotency, sealed } = await prepare(request)
    const enqueue = () => scheduler.enqueue(prediction, model)
    // A run that may be repeated begins while its acceptance is written to the disk.
    const early = model.limits.rerun ? { taken: enqueue } : {}
    const accepted = await store
      .accept(prediction, model.version, idempotency, { sealed, ...early })
      .catch(reasonOf)
    if (typeof accepted === 'string') return { ok: false, reason: accepted }
    if (accepted === prediction) isNew()
    if (accepted === prediction && !model.limits.rerun) enqueue()
    return { ok: true, prediction: accepted }
  }

  /** How many more of a model would run at once. */
  async function freeOf({ model }: StartRequest): Promise<number> {
    const { running } = await scheduler.load(model.ref)
    return Math.max(0, catalogue.roomOf(model).copies - running)
  }

  async function refusalOf({ model: { ref } }: StartRequest) {
    // Where others share the database, they run it.
    if (scheduler.isStopping() && options.replicas === null) return 'stopping'
    const { intake, maxQueue } = catalogue.settingsOf(ref)
    if (intake === 'draining') return 'draining'
    return (await scheduler.isFull(ref, maxQueue ?? options.maxQueue)) ? 'queue full' : null
  }

  return { start }
}

function reasonOf(error: unknown): NotAccepted {
  if (error instanceof NoSpace) return 'no space'
  if (error instanceof StoreBusy) return 'database busy'
  throw error
}

/** A prediction that is ready to be accepted. */
interface Prepared {
  readonly prediction: Prediction
  /** The sealed secrets of its input; null when it has none. */
  readonly sealed: string | null
  readonly idempotency: IdempotencyKey | null
}

/** Makes a prediction of a request, with its own references to files, and its secrets sealed. */
function createPrepare(options: RunnerOptions) {
  const { now, newId, seal } = options
  const ownInput = createOwnInput(options)

  async function prepare(request: StartRequest): Promise<Prepared> {
    const { schema } = request.model.version
    const { input, files: own } = await ownInput(schema, request)
    const { shown, secrets } = splitSecrets(schema, input)
    const isLong = isLongInput(shown)
    if (isLong) await nextTurn()
    const prepared = {
      prediction: predictionOf(request, shown, own),
      sealed: Object.keys(secrets).length > 0 ? seal.close(formatJson(secrets)) : null,
      idempotency: idempotencyKeyOf(request, now()),
    }
    if (isLong) await nextTurn()
    return prepared
  }

  function predictionOf(
    request: StartRequest,
    input: JsonObject,
    files: readonly StoredFile[],
  ): Prediction {
    const { model, source, createdBy, account = createdBy } = request
    const { deadline = null, webhook = null, deployment = null, parent = null } = request
    const { visibility = 'public', continues = null, group = null } = request
    const { id: version, schema } = model.version
    return newPrediction({
      id: newId(),
      model: model.ref,
      version,
      provider: model.provider,
      input,
      iterates: schema.output.iterator,
      files,
      createdAt: now(),
      deadline,
      source,
      createdBy,
      account,
      visibility: model.visibility === 'private' ? 'private' : visibility,
      parent,
      continues,
      group,
      deployment,
      webhook,
    })
  }

  return prepare
}
