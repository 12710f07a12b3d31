import type { ModelRef } from '../domain/model-ref.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import { createCallbacks } from './callbacks.ts'
import { createCatalogue } from './catalogue.ts'
import { createChains } from './chains.ts'
import { createIntake, type StartRequest } from './intake.ts'
import { createLedger } from './ledger.ts'
import type { RunnerOptions } from './options.ts'
import { createRecovery } from './recovery.ts'
import { createTurns } from './turns.ts'
import { createWatch } from './watch.ts'
import { createWork } from './work.ts'

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'draining' | 'stopping' | NotAccepted }

/** Why the store did not take a prediction. */
type NotAccepted = 'no space' | 'database busy'

export type Runner = ReturnType<typeof createRunner>

const longestWaitMs = 2 ** 31 - 1

/**
 * The one writer of predictions: whatever happens to one, wherever it comes from, ends in
 * `advance`. It also decides when each runs.
 */
/** How long whoever asks for a model waits until it is read. */
const modelWaitMs = { request: 10_000, page: 1_000 }

export function createRunner(options: RunnerOptions) {
  const { store, now, log } = options
  const ledger = createLedger(store, now, (error) => log.error({ error }, 'A save failed'))
  const catalogue = createCatalogue(options)
  const intake = createIntake(options)
  const callbacks = createCallbacks(options)
  const until = createWatch(ledger)
  const chains = createChains({
    ledger,
    findModel: catalogue.find,
    start,
    cancel,
    ended: (id, signal) => until(id, isOver, longestWaitMs, signal),
  })
  const work = createWork(options, ledger, callbacks, chains)
  const turns = createTurns({ ...options, ledger, catalogue, work })
  const recover = createRecovery({ ...options, ledger, catalogue, turns })

  async function start(request: StartRequest): Promise<Started> {
    const refusal = refusalOf(request)
    if (refusal) return { ok: false, reason: refusal }
    const { model } = request
    const { prediction, submitted, sealed } = await intake.prepare(request)
    const accepted = await store
      .accept(prediction, model.version, submitted, sealed)
      .catch(reasonOf)
    if (typeof accepted === 'string') return { ok: false, reason: accepted }
    if (accepted === prediction) turns.enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  function refusalOf({ model: { ref } }: StartRequest) {
    if (turns.isStopping()) return 'stopping'
    const { intake: takes, maxQueue } = catalogue.settingsOf(ref)
    if (takes === 'draining') return 'draining'
    return turns.load(ref).waiting >= (maxQueue ?? options.maxQueue) ? 'queue full' : null
  }

  function cancel(id: string): Promise<void> {
    return turns.end(id, 'canceled')
  }

  return {
    start,
    /** Tells what happened to a prediction. */
    advance: ledger.advance,
    /**
     * One model by name, as an operator wants it; null when no provider has it. Throws `StillReading`
     * when it may be one that is not read yet.
     */
    findModel: (ref: ModelRef, version?: string) =>
      catalogue.findWithin(modelWaitMs.request, ref, version),
    /** The same for a page, which asks again by itself. */
    findModelSoon: (ref: ModelRef, version?: string) =>
      catalogue.findWithin(modelWaitMs.page, ref, version),
    /** Every model that is known, as its provider knows it and an operator wants it. */
    models: catalogue.all,
    /** How many models are still being read, and not among those. */
    modelsReading: catalogue.reading,
    /** Every model, once all that there are now have been read. */
    readModels: catalogue.readAll,
    /** As saved: what a page may show. */
    find: ledger.find,
    /** Whether anything runs or has happened since this was last asked. */
    wasBusy: turns.wasBusy,
    /** Calls back after each change of any prediction, with its id. */
    listen: ledger.listen,
    /** Calls back after each save of any prediction, with what it was before and what it is. */
    listenToSaves: ledger.listenToSaves,
    load: turns.load,
    position: turns.position,
    /** Ends a prediction for good. Resolves when it is canceled, its process gone; or was settled. */
    cancel,
    /** Whether an upstream may report there of a run under way. */
    expects: callbacks.expects,
    /** Hands on what an upstream reports of a run by itself. */
    receive: callbacks.receive,
    /** An input that an upstream may fetch under a token while it works on it; null for any other. */
    inputFile: callbacks.file,
    /** Cancels a prediction if need be, then removes it and ends the links to its files. */
    async remove(id: string): Promise<boolean> {
      await cancel(id)
      return ledger.remove(id)
    },
    until,
    /** How often what a running prediction asked of other models has changed. */
    changesUnder: chains.changesUnder,
    /** Takes up what an earlier process left. */
    recover,
    /** Resolves with the prediction as it is when it settles, or when `ms` have passed. */
    settledWithin: (id: string, ms: number) => until(id, isOver, ms),
    /** Takes no more, gives running predictions `graceMs` to end, and stops the rest. */
    async stop(graceMs: number): Promise<void> {
      await turns.stop(graceMs)
      await ledger.settleAll()
    },
  }
}

function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}

function reasonOf(error: unknown): NotAccepted {
  if (error instanceof NoSpace) return 'no space'
  if (error instanceof StoreBusy) return 'database busy'
  throw error
}
