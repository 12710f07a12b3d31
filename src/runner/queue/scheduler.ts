import { setTimeout as delay } from 'node:timers/promises'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef } from '../../domain/model-ref.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Place } from '../../domain/prediction/turns.ts'
import { longestTimerMs } from '../../domain/timer.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log, RunnerOptions } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import type { StopReason } from '../run/run-end.ts'
import { createQueues } from './queues.ts'

interface SchedulerOptions extends Pick<RunnerOptions, 'now' | 'log' | 'usualRun'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly execute: Execute
  /** How many predictions of a person may run at once, in all models. */
  readonly mostRunning: (person: string) => number
  /** Ends a prediction. */
  end(id: string, reason: 'overdue'): Promise<void>
}

export type Scheduler = ReturnType<typeof createScheduler>

/** Queues predictions and decides when each runs. */
export function createScheduler(options: SchedulerOptions) {
  const { now, log, journal, catalogue, execute, end, mostRunning } = options
  const queues = createQueues()
  const workers = createWorkers({ execute, log, finished })
  const deadlines = createDeadlines(now, (id) => void end(id, 'overdue').catch(onError))
  let stopping = false

  catalogue.listen((ref) => {
    catalogue.find(ref).then((model) => model && pump(model), onError)
  })

  function onError(error: unknown): void {
    log.error({ error }, 'A run could not be begun or ended')
  }

  function enqueue(prediction: Prediction, model: Model): void {
    journal.open(prediction)
    deadlines.set(prediction)
    const { id, account, deployment, parent, createdBy } = prediction
    const name = modelName(model.ref)
    queues.add(name, {
      id,
      account,
      deployment: deployment && modelName(deployment),
      // A run waits for those that it started: they must not wait for it.
      person: parent === null ? createdBy : null,
    })
    // It may come before those of others.
    if (queues.isShared(name)) notifyWaiting(name)
    pump(model)
  }

  /** The usual time of a run, in whole milliseconds. */
  function chargeOf(model: ModelRef): number {
    return Math.max(1, Math.round(options.usualRun?.(model) ?? unknownRunMs))
  }

  /** Starts what can run now. */
  function pump(model: Model): void {
    const name = modelName(model.ref)
    while (!stopping) {
      const { intake, copies } = catalogue.settingsOf(model.ref)
      if (intake === 'paused') return
      const id = queues.take(name, chargeOf(model.ref), {
        ofModel: copies ?? Math.max(1, model.limits.copies),
        ofDeployment: catalogue.instancesOf,
        ofPerson: mostRunning,
      })
      if (id === null) return
      workers.start(id, model)
      notifyWaiting(name)
    }
  }

  function notifyWaiting(name: string): void {
    for (const { id } of queues.waiting(name)) journal.notify(id)
  }

  async function finished(id: string, model: Model): Promise<void> {
    const ended = journal.current(id)
    const { person } = queues.finish(modelName(model.ref), id, ended && ranMs(ended)) ?? {}
    deadlines.clear(id)
    pump(model)
    if (person && Number.isFinite(mostRunning(person))) startMoreOf(person)
    if (!stopping) await requeue(id, model).catch(onError)
  }

  /** Starts what can run now of the models that a person waits for. */
  function startMoreOf(person: string): void {
    for (const name of queues.modelsOf(person)) {
      const ref = parseModelRef(name)
      if (ref) catalogue.find(ref).then((model) => model && pump(model), onError)
    }
  }

  /** Enqueues a run again that its upstream interrupted, if it may run again. */
  async function requeue(id: string, model: Model): Promise<void> {
    // Until its end is saved, a run that has ended reads as waiting.
    await journal.flush(id)
    const saved = await journal.find(id)
    if (saved && isWaiting(saved)) enqueue(saved, model)
  }

  return {
    enqueue,
    /** Takes a prediction out of its queue, if it waits there. */
    dequeue(prediction: Prediction): void {
      const name = modelName(prediction.model)
      if (queues.remove(name, prediction)) notifyWaiting(name)
    },
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stopRun: workers.stop,
    startMoreOf,
    /** How many predictions of a person run, and how many wait, in all models. */
    loadOfPerson: queues.loadOfPerson,
    clearDeadline: deadlines.clear,
    isStopping: () => stopping,
    /** How many predictions of a model run, and how many wait. */
    load(ref: ModelRef): { readonly running: number; readonly waiting: number } {
      const name = modelName(ref)
      return { running: queues.running(name), waiting: queues.length(name) }
    },
    /** The same of the predictions that were sent to a deployment of the model. */
    deploymentLoad: (model: ModelRef, deployment: ModelRef) =>
      queues.loadOf(modelName(model), modelName(deployment)),
    /**
     * Its place in the queue; null when it does not wait. `isHeld`: whether it waits for others of its
     * person, who run as many at once as they may.
     */
    place(prediction: Prediction): (Place & { readonly isHeld: boolean }) | null {
      const { model, parent, createdBy } = prediction
      const place = queues.place(modelName(model), prediction, chargeOf(model))
      const isHeld =
        parent === null && queues.loadOfPerson(createdBy).running >= mostRunning(createdBy)
      return place && { ...place, isHeld }
    },
    /** The place of the next prediction that is made for an account. */
    placeOfNext: (model: ModelRef, account: string): Place =>
      queues.placeOfNext(modelName(model), account, chargeOf(model)),
    /** Starts no more runs, gives those under way `graceMs` to end, and stops the rest. */
    stop(graceMs: number): Promise<void> {
      stopping = true
      return workers.stopAll(graceMs)
    },
  }
}

/** The time that a run is taken to need while none of its model has succeeded. */
const unknownRunMs = 10_000

/** Timers that call `passed` when the deadline of a prediction passes. */
export function createDeadlines(now: () => number, passed: (id: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>()

  return {
    set({ id, deadline }: Pick<Prediction, 'id' | 'deadline'>): void {
      if (deadline === null) return
      const wait = Math.min(Math.max(0, deadline - now()), longestTimerMs)
      timers.set(id, setTimeout(passed, wait, id).unref())
    },
    clear(id: string): void {
      clearTimeout(timers.get(id))
      timers.delete(id)
    },
  }
}

interface WorkersOptions {
  readonly execute: Execute
  readonly log: Log
  /** Called after each run. A run counts as stopped once this has resolved; it must not reject. */
  finished(id: string, model: Model): Promise<void>
}

/** The runs under way in this process. */
export function createWorkers({ execute, log, finished }: WorkersOptions) {
  const runs = new Map<string, { stop(reason: StopReason): void; readonly done: Promise<void> }>()

  return {
    start(id: string, model: Model): void {
      const controller = new AbortController()
      const done = execute(id, model, controller)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .then(() => {
          runs.delete(id)
          return finished(id, model)
        })
      runs.set(id, { stop: (reason) => controller.abort(reason), done })
    },
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stop(id: string, reason: StopReason): Promise<void> | null {
      const run = runs.get(id)
      run?.stop(reason)
      return run?.done ?? null
    },
    /** Gives all runs `graceMs` to end, stops the rest, and resolves when all have ended. */
    async stopAll(graceMs: number): Promise<void> {
      const ended = Promise.all([...runs.values()].map(({ done }) => done))
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })])
      for (const { stop } of runs.values()) stop('stopped')
      await ended
    },
  }
}
