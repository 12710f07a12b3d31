import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { countedPerson } from '../../domain/prediction/counted-person.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isSettled, isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Place } from '../../domain/prediction/turns.ts'
import type { ClaimLimits, Load } from '../../store/queue/queue.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import type { Sharing } from '../replicas/sharing.ts'
import type { Execute } from '../run/executor.ts'
import { createDeadlines } from './deadlines.ts'
import { createPlaces } from './places.ts'
import { createWorkers } from './workers.ts'

interface SchedulerOptions
  extends Pick<RunnerOptions, 'now' | 'log' | 'usualRun' | 'queue' | 'changes' | 'inStep'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly execute: Execute
  /** Null when no other replica runs predictions of the same database. */
  readonly sharing: Sharing | null
  /** How many predictions of a person may run at once, in all models, as far as that is known. */
  readonly mostRunning: ClaimLimits['ofPerson']
  /** The same of these people, read where it is not known. */
  readonly readPeople: ClaimLimits['readPeople']
  /** Ends a prediction. */
  end(id: string, reason: 'overdue'): Promise<void>
}

export type Scheduler = ReturnType<typeof createScheduler>

/** Queues predictions and decides when each runs. */
export function createScheduler(options: SchedulerOptions) {
  const { now, log, journal, catalogue, queue, execute, sharing, end, mostRunning } = options
  const workers = createWorkers({ execute, log, finished })
  const deadlines = createDeadlines(now, (id) => void end(id, 'overdue').catch(onError))
  const places = createPlaces({ ...options, isShared: sharing !== null, onError })
  let stopping = false

  catalogue.listen((ref) => {
    startMore(ref)
  })

  function onError(error: unknown): void {
    log.error({ error }, 'A run could not be begun or ended')
  }

  function enqueue(prediction: Prediction, model: Model): void {
    if (sharing) journal.remember(prediction)
    else journal.open(prediction)
    deadlines.set(prediction)
    sharing?.moved(model.ref)
    if (queue.add(prediction)) places.moved(model.ref)
    pump(model).catch(onError)
  }

  /** The usual time of a run, in whole milliseconds. */
  function chargeOf(model: ModelRef): number {
    return Math.max(1, Math.round(options.usualRun?.(model) ?? unknownRunMs))
  }

  /** Starts what can run now. */
  function pump(model: Model): Promise<void> {
    return sharing ? sharing.oneByOne(modelName(model.ref), () => claim(model)) : claim(model)
  }

  async function claim(model: Model): Promise<void> {
    const { ref } = model
    const { intake } = catalogue.settingsOf(ref)
    if (stopping || sharing?.isStalled()) return sharing?.tellOfWaiting(ref, 0, true)
    if (intake === 'paused') return
    const { claimed, isMore } = await queue.claim(ref, {
      ...catalogue.roomOf(model),
      runsHere: catalogue.runsHere(model),
      passedVersions: sharing?.versionsOfOthers(model) ?? [],
      readDeployments: options.inStep,
      ofPerson: mostRunning,
      readPeople: options.readPeople,
      charge: chargeOf(ref),
    })
    for (const one of claimed) await begin(one, model)
    if (claimed.length > 0) places.moved(ref)
    sharing?.tellOfWaiting(ref, claimed.length, isMore)
  }

  async function begin(prediction: Prediction, model: Model): Promise<void> {
    if (stopping || sharing?.isStalled()) return queue.release(prediction)
    if (sharing) {
      await workers.lose(prediction.id)
      if (await sharing.mustBeTakenUp(prediction)) return sharing.takeUp(prediction.id)
      deadlines.set(prediction)
    }
    journal.open(prediction)
    workers.start(prediction.id, model)
  }

  async function finished(id: string, model: Model, isLost: boolean): Promise<void> {
    deadlines.clear(id)
    if (isLost) return
    try {
      // Until its end is saved, others count it among those that run.
      if (sharing) await journal.flush(id)
      const ended = journal.current(id)
      const person = ended && countedPerson(ended)
      await queue.finish({ id, model: model.ref }, ended && ranMs(ended))
      if (sharing) await handOver(id, ended)
      sharing?.moved(model.ref)
      await pump(model)
      if (person !== null && Number.isFinite(await mostOf(person))) await startMoreOf(person)
      if (!sharing && !stopping) await requeue(id, model)
    } catch (error) {
      onError(error)
    }
  }

  /** Lets go of a run that has ended here without being over. */
  async function handOver(id: string, ended: Prediction | null): Promise<void> {
    if (!ended || isSettled(ended)) return
    journal.drop(id)
    await sharing?.takeUp(id)
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

  /** The same as `load` without runs whose result is there, and which only tidy up. */
  async function unsettledLoad(ref: ModelRef): Promise<Load> {
    // Where replicas share the queue, a run counts no more once its end is saved.
    const over = sharing ? 0 : workers.of(ref).filter(isOver).length
    const { running, waiting } = await queue.load(ref)
    return { running: running - over, waiting }
  }

  function isOver(id: string): boolean {
    const current = journal.current(id)
    return current !== null && isSettled(current)
  }

  async function isHeld(prediction: Prediction): Promise<boolean> {
    const person = countedPerson(prediction)
    if (person === null) return false
    const most = await mostOf(person)
    return Number.isFinite(most) && (await queue.loadOfPerson(person)).running >= most
  }

  async function mostOf(person: string): Promise<number> {
    return (await options.readPeople([person])).get(person) ?? Number.POSITIVE_INFINITY
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
      if (await queue.remove(prediction)) places.left(prediction.model)
    },
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stopRun: workers.stop,
    /** Stops a run that another replica has taken over. */
    loseRun: workers.lose,
    /** Stops all runs, which others may take over: nothing of them is saved any more. */
    loseRuns: workers.loseAll,
    isUnderWay: workers.has,
    /** Starts what can run now of a model. */
    startMore,
    /** Follows on a run of this replica, which goes on upstream. */
    follow: begin,
    startMoreOf,
    /** How many predictions of a person run, and how many wait, in all models. */
    loadOfPerson: queue.loadOfPerson,
    clearDeadline: deadlines.clear,
    isStopping: () => stopping,
    /** How many predictions of a model run, and how many wait. */
    load: (ref: ModelRef): Promise<Load> => queue.load(ref),
    unsettledLoad,
    isFull: queue.isFull,
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
