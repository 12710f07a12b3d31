import { setTimeout as delay } from 'node:timers/promises'
import type { Model } from '../../domain/model/model.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { countedPerson } from '../../domain/prediction/counted-person.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Place } from '../../domain/prediction/turns.ts'
import { longestTimerMs } from '../../domain/timer.ts'
import type { Load } from '../../store/queue/queue.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log, RunnerOptions } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import type { StopReason } from '../run/run-end.ts'

interface SchedulerOptions extends Pick<RunnerOptions, 'now' | 'log' | 'usualRun' | 'queue'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly execute: Execute
  /** How many predictions of a person may run at once, in all models. */
  readonly mostRunning: (person: string) => number
  /** Reads the limits of people. */
  readonly readPeople: (people: readonly string[]) => Promise<void>
  /** Ends a prediction. */
  end(id: string, reason: 'overdue'): Promise<void>
}

export type Scheduler = ReturnType<typeof createScheduler>

/** Queues predictions and decides when each runs. */
export function createScheduler(options: SchedulerOptions) {
  const { now, log, journal, catalogue, queue, execute, end, mostRunning, readPeople } = options
  const workers = createWorkers({ execute, log, finished })
  const deadlines = createDeadlines(now, (id) => void end(id, 'overdue').catch(onError))
  let stopping = false

  catalogue.listen((ref) => {
    startMore(ref)
  })

  function onError(error: unknown): void {
    log.error({ error }, 'A run could not be begun or ended')
  }

  function enqueue(prediction: Prediction, model: Model): void {
    journal.open(prediction)
    deadlines.set(prediction)
    if (queue.add(prediction)) notifyWaiting(model.ref)
    pump(model).catch(onError)
  }

  /** The usual time of a run, in whole milliseconds. */
  function chargeOf(model: ModelRef): number {
    return Math.max(1, Math.round(options.usualRun?.(model) ?? unknownRunMs))
  }

  /** Starts what can run now. */
  async function pump(model: Model): Promise<void> {
    const { intake, copies } = catalogue.settingsOf(model.ref)
    if (stopping || intake === 'paused') return
    const claimed = await queue.claim(model.ref, {
      copies: copies ?? Math.max(1, model.limits.copies),
      runsHere: catalogue.runsHere(model),
      ofDeployment: catalogue.instancesOf,
      ofPerson: mostRunning,
      readPeople,
      charge: chargeOf(model.ref),
    })
    for (const one of claimed) await begin(one, model)
    if (claimed.length > 0) notifyWaiting(model.ref)
  }

  async function begin(prediction: Prediction, model: Model): Promise<void> {
    if (stopping) return queue.release(prediction)
    journal.open(prediction)
    workers.start(prediction.id, model)
  }

  function notifyWaiting(ref: ModelRef): void {
    queue.waiting(ref).then((ids) => ids.forEach(journal.notify), onError)
  }

  async function finished(id: string, model: Model): Promise<void> {
    const ended = journal.current(id)
    const person = ended && countedPerson(ended)
    deadlines.clear(id)
    try {
      await queue.finish({ id, model: model.ref }, ended && ranMs(ended))
      await pump(model)
      if (person !== null && Number.isFinite(mostRunning(person))) await startMoreOf(person)
      if (!stopping) await requeue(id, model)
    } catch (error) {
      onError(error)
    }
  }

  /** Starts what can run now of the models that a person waits for. */
  async function startMoreOf(person: string): Promise<void> {
    for (const ref of await queue.modelsOf(person)) startMore(ref)
  }

  /** Starts what can run now of a model. */
  function startMore(ref: ModelRef): void {
    catalogue
      .find(ref)
      .then((model) => model && pump(model))
      .catch(onError)
  }

  async function isHeld(prediction: Prediction): Promise<boolean> {
    const person = countedPerson(prediction)
    const most = person === null ? Number.POSITIVE_INFINITY : mostRunning(person)
    return person !== null && Number.isFinite(most)
      ? (await queue.loadOfPerson(person)).running >= most
      : false
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
    async dequeue(prediction: Prediction): Promise<void> {
      if (await queue.remove(prediction)) notifyWaiting(prediction.model)
    },
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stopRun: workers.stop,
    startMoreOf,
    /** How many predictions of a person run, and how many wait, in all models. */
    loadOfPerson: queue.loadOfPerson,
    clearDeadline: deadlines.clear,
    isStopping: () => stopping,
    /** How many predictions of a model run, and how many wait. */
    load: (ref: ModelRef): Promise<Load> => queue.load(ref),
    /** The same of the predictions that were sent to a deployment of the model. */
    deploymentLoad: queue.loadOfDeployment,
    /**
     * Its place in the queue; null when it does not wait. `isHeld`: whether it waits for others of its
     * person, who run as many at once as they may.
     */
    async place(prediction: Prediction): Promise<(Place & { readonly isHeld: boolean }) | null> {
      const place = await queue.place(prediction, chargeOf(prediction.model))
      return place && { ...place, isHeld: await isHeld(prediction) }
    },
    /** The place of the next prediction that is made for an account. */
    placeOfNext: (model: ModelRef, account: string): Promise<Place> =>
      queue.placeOfNext(model, account, chargeOf(model)),
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
