import type { ModelRef } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { longestTimerMs } from '../domain/timer.ts'
import { createAcceptance, type Started, type StartRequest } from './acceptance.ts'
import { createCatalogue } from './catalogue.ts'
import { createGroups } from './groups/groups.ts'
import { createJournal } from './journal/journal.ts'
import { createWaitUntil } from './journal/until.ts'
import type { RunnerOptions } from './options.ts'
import { createCancellation, type EndReason } from './queue/cancellation.ts'
import { createScheduler } from './queue/scheduler.ts'
import { createQuotas } from './quotas/quotas.ts'
import { createRecovery } from './recovery.ts'
import { createReplica, type Replica } from './replicas/replica.ts'
import { createSharing, type Sharing } from './replicas/sharing.ts'
import { createTakeUp, type TakingUp } from './replicas/take-up.ts'
import { createCallbacks } from './run/callbacks.ts'
import { createExecutor } from './run/executor.ts'
import { createSubRuns } from './run/sub-runs.ts'

export type Runner = ReturnType<typeof createRunner>

/** How long a caller waits for a model that is still being read, in milliseconds. */
const modelWaitMs = { request: 10_000, page: 1_000 }

/** The one writer of predictions: every change of one, wherever it comes from, ends in `advance`. */
export function createRunner(options: RunnerOptions) {
  const { replicas, log } = options
  const journal = createJournal({
    ...options,
    onError: (error) => log.error({ error }, 'A save failed'),
    onLost: (id) => void scheduler.loseRun(id),
  })
  const catalogue = createCatalogue(options)
  const callbacks = createCallbacks(options)
  const until = createWaitUntil(journal)
  const subRuns = createSubRuns({
    journal,
    findModel: catalogue.find,
    viewerOf: options.viewerOf,
    start,
    cancel,
    quotaOf: (id) => quotas.ofMaker(id),
    ended: (id, signal) => until(id, isOver, longestTimerMs, signal),
  })
  const execute = createExecutor({ ...options, journal, callbacks, subRuns })
  const quotas = createQuotas({
    ...options,
    onError: (error) => log.error({ error }, 'What a person used could not be counted'),
    waitingOf: async (person) => (await scheduler.loadOfPerson(person)).waiting,
  })
  const { mostRunning } = quotas
  const sharing: Sharing | null =
    replicas &&
    createSharing({
      ...options,
      replicas,
      catalogue,
      journal,
      isStalled: () => replica?.isStalled() ?? false,
      takeUp: (id) => takingUp?.takeUp({ id, ending: null }) ?? Promise.resolve(),
    })
  const scheduler = createScheduler({
    ...options,
    sharing,
    journal,
    catalogue,
    execute,
    end,
    mostRunning,
    readPeople: quotas.readMakers,
  })
  const parts = { ...options, journal, catalogue, scheduler }
  const cancellation = createCancellation({ ...parts, execute, until })
  const acceptance = createAcceptance({ ...options, catalogue, scheduler, quotas })
  const recover = createRecovery({ ...parts, cancellation, quotas })
  const takingUp: TakingUp | null = sharing && createTakeUp({ ...parts, cancellation, sharing })
  const replica: Replica | null =
    replicas &&
    sharing &&
    takingUp &&
    createReplica({ ...parts, ...takingUp, replicas, cancellation, sharing })
  journal.listenToSaves(quotas.saved)
  const groups = createGroups({
    ...options,
    journal,
    findModel: catalogue.find,
    start,
    cancel,
    quotaOf: quotas.ofMaker,
  })

  // Declarations, as the parts refer to each other.
  function start(request: StartRequest): Promise<Started> {
    return acceptance.start(request)
  }

  function end(id: string, reason: EndReason): Promise<void> {
    return cancellation.end(id, reason)
  }

  function cancel(id: string): Promise<void> {
    return end(id, 'canceled')
  }

  return {
    start,
    /** Applies an event to a prediction. */
    advance: journal.advance,
    /**
     * Finds one model by name, with its operator's settings; null when no provider has it. Throws
     * `StillReading` when it may be among the models that are still being read.
     */
    findModel: (ref: ModelRef, version?: string) =>
      catalogue.findWithin(modelWaitMs.request, ref, version),
    /** The same with a shorter wait, for a page that reloads itself. */
    findModelSoon: (ref: ModelRef, version?: string) =>
      catalogue.findWithin(modelWaitMs.page, ref, version),
    /** Every model that has been read, with its operator's settings. */
    models: catalogue.all,
    /** A model without the edits of operators, as its provider knows it. */
    uneditedModel: catalogue.unedited,
    /** Who may use a model, whether it is there or not. */
    modelSubject: catalogue.modelSubject,
    /** Every model that is known to be private. */
    privateModels: catalogue.privateModels,
    /** How many models are still being read. */
    modelsReading: catalogue.reading,
    /** Every model, once those that are still being read have been read. */
    readModels: catalogue.readAll,
    /** The prediction as saved; null when there is none. */
    find: journal.find,
    /** Calls back after each save or removal of any prediction, with its id. */
    listen: journal.listen,
    /** Calls back after each save of any prediction, with its previous and its new state. */
    listenToSaves: journal.listenToSaves,
    /** Calls back after each change of one prediction. Returns the unsubscribe function. */
    watch: journal.watch,
    load: scheduler.unsettledLoad,
    deploymentLoad: scheduler.deploymentLoad,
    place: scheduler.place,
    placeOfNext: scheduler.placeOfNext,
    /** The limits of a viewer, and what they have used of them. */
    quotaOf: quotas.of,
    usage: quotas.usage,
    /** To be called after the limits or the role of a person have changed. */
    limitsChanged(person: string): void {
      quotas
        .changed(person)
        .then(() => scheduler.startMoreOf(person))
        .catch((error) => log.error({ error }, 'The limits of a person could not be read'))
    },
    /** Reads the limits of everyone again when they are needed. */
    forgetLimits: quotas.forget,
    /** Cancels a prediction. Resolves when it is settled and its run has ended. */
    cancel,
    /** Whether a run under way waits for callbacks with this token. */
    expects: callbacks.expects,
    /** Passes a callback to the provider of its run. */
    receive: callbacks.receive,
    /** A file of a run under way, for its upstream; null when the token or the file is unknown. */
    inputFile: callbacks.file,
    /**
     * Cancels a prediction if it is unsettled, then removes it and the references to its files, and
     * keeps an entry of the audit log with that.
     */
    async remove(id: string, entry?: AuditEntry): Promise<boolean> {
      await cancel(id)
      const group = (await journal.find(id))?.group ?? null
      const removed = await journal.remove(id, entry)
      if (group !== null) groups.lost(group.id)
      return removed
    },
    /** Changes who may see a prediction and its sub-runs. */
    show: journal.show,
    /** Removes the inputs, outputs, logs and files of settled predictions, and keeps their records. */
    removeData: journal.removeData,
    until,
    /** Runs that are asked for together. */
    groups: {
      start: groups.start,
      cancel: groups.cancel,
      resume: groups.resume,
      again: groups.again,
      remove: groups.remove,
    },
    /** Recovers what an earlier process left unsettled. Where there are replicas, each does it at any time. */
    async recover(): Promise<void> {
      if (!replica) await recover()
      await groups.open()
    },
    /** Joins the other replicas, if the database is shared. */
    async join(): Promise<void> {
      await replica?.join()
    },
    /** Whether it has lost touch with the database, and what ran here is left to other replicas. */
    isStalled: (): boolean => replica?.isStalled() ?? false,
    /** Resolves with the prediction when it settles, or as it is when `ms` have passed. */
    settledWithin: (id: string, ms: number) => until(id, isOver, ms),
    /** Accepts no more, gives running predictions `graceMs` to end, and stops the rest. */
    async stop(graceMs: number): Promise<void> {
      await groups.stop()
      const stopped = scheduler.stop(graceMs)
      replica?.drain()
      await stopped
      await journal.flushAll()
      quotas.stop()
      await journal.stop()
      await replica?.leave()
    },
  }
}

function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}
