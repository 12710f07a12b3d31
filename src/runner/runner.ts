import type { ModelRef } from '../domain/model-ref.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import { createAcceptance, type StartRequest } from './acceptance.ts'
import { createCallbacks } from './callbacks.ts'
import { createCatalogue } from './catalogue.ts'
import { createChains } from './chains.ts'
import { createJournal } from './journal.ts'
import type { RunnerOptions } from './options.ts'
import { createRecovery } from './recovery.ts'
import { createScheduler } from './scheduler.ts'
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
  const journal = createJournal(store, now, (error) => log.error({ error }, 'A save failed'))
  const catalogue = createCatalogue(options)
  const acceptance = createAcceptance(options)
  const callbacks = createCallbacks(options)
  const until = createWatch(journal)
  const chains = createChains({
    journal,
    findModel: catalogue.find,
    start,
    cancel,
    ended: (id, signal) => until(id, isOver, longestWaitMs, signal),
  })
  const work = createWork(options, journal, callbacks, chains)
  const scheduler = createScheduler({ ...options, journal, catalogue, work })
  const recover = createRecovery({ ...options, journal, catalogue, scheduler })

  async function start(request: StartRequest): Promise<Started> {
    const refusal = refusalOf(request)
    if (refusal) return { ok: false, reason: refusal }
    const { model } = request
    const { prediction, idempotency, sealed } = await acceptance.prepare(request)
    const accepted = await store
      .accept(prediction, model.version, idempotency, sealed)
      .catch(reasonOf)
    if (typeof accepted === 'string') return { ok: false, reason: accepted }
    if (accepted === prediction) scheduler.enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  function refusalOf({ model: { ref } }: StartRequest) {
    if (scheduler.isStopping()) return 'stopping'
    const { intake: takes, maxQueue } = catalogue.settingsOf(ref)
    if (takes === 'draining') return 'draining'
    return scheduler.load(ref).waiting >= (maxQueue ?? options.maxQueue) ? 'queue full' : null
  }

  function cancel(id: string): Promise<void> {
    return scheduler.end(id, 'canceled')
  }

  return {
    start,
    /** Tells what happened to a prediction. */
    advance: journal.advance,
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
    find: journal.find,
    /** Whether anything runs or has happened since this was last asked. */
    wasBusy: scheduler.wasBusy,
    /** Calls back after each change of any prediction, with its id. */
    listen: journal.listen,
    /** Calls back after each save of any prediction, with what it was before and what it is. */
    listenToSaves: journal.listenToSaves,
    load: scheduler.load,
    position: scheduler.position,
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
      return journal.remove(id)
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
      await scheduler.stop(graceMs)
      await journal.flushAll()
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
