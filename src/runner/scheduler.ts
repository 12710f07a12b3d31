import type { Model } from '../domain/model/model.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import { isSettled, isWaiting, type Prediction } from '../domain/prediction/prediction.ts'
import type { Catalogue } from './catalogue.ts'
import type { Journal } from './journal.ts'
import type { RunnerOptions } from './options.ts'
import { createQueues } from './queue.ts'
import { overdueSentence, type StopReason, type Work } from './work.ts'

/** What a timer can wait: 24 days. Set back, the clock may ask for more. */
const longestWaitMs = 2 ** 31 - 1

interface SchedulerOptions extends Pick<RunnerOptions, 'providers' | 'now' | 'log'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly work: Work
}

export type Scheduler = ReturnType<typeof createScheduler>

/** Decides when each prediction runs, and ends those that are not to go on. */
export function createScheduler({
  providers,
  now,
  log,
  journal,
  catalogue,
  work,
}: SchedulerOptions) {
  const queues = createQueues()
  const working = new Map<string, { stop: (reason: StopReason) => void; done: Promise<void> }>()
  const deadlines = new Map<string, NodeJS.Timeout>()
  let stopping = false
  let taken = 0

  catalogue.listen((ref) => {
    catalogue.find(ref).then((model) => model && pump(model), failed)
  })

  function failed(error: unknown): void {
    log.error({ error }, 'A run could not be begun or ended')
  }

  function enqueue(prediction: Prediction, model: Model): void {
    taken++
    journal.open(prediction)
    setDeadline(prediction)
    const { id, deployment } = prediction
    queues.add(modelName(model.ref), id, deployment && modelName(deployment))
    pump(model)
  }

  function setDeadline({ id, deadline }: Prediction): void {
    if (deadline === null) return
    const wait = Math.min(Math.max(0, deadline - now()), longestWaitMs)
    const timer = setTimeout(() => end(id, 'overdue').catch(failed), wait)
    deadlines.set(id, timer.unref())
  }

  function clearDeadline(id: string): void {
    clearTimeout(deadlines.get(id))
    deadlines.delete(id)
  }

  function pump(model: Model): void {
    const name = modelName(model.ref)
    while (!stopping) {
      const { intake, copies } = catalogue.settingsOf(model.ref)
      if (intake === 'paused') return
      const atOnce = copies ?? Math.max(1, model.limits.copies)
      const id = queues.take(name, atOnce, catalogue.instancesOf)
      if (id === null) return
      begin(id, model)
      queues.waiting(name).forEach(journal.notify)
    }
  }

  function begin(id: string, model: Model): void {
    const controller = new AbortController()
    const done = work(id, model, controller)
      .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
      .finally(() => {
        working.delete(id)
        queues.finish(modelName(model.ref), id)
        clearDeadline(id)
        pump(model)
      })
      .then(() => takeUpAgain(id, model))
      .catch(failed)
    working.set(id, { stop: (reason) => controller.abort(reason), done })
  }

  /** A run that its upstream cut short waits for another turn, if it may have one. */
  async function takeUpAgain(id: string, model: Model): Promise<void> {
    if (stopping) return
    // Until its end is saved, one that has ended still reads as waiting.
    await journal.flush(id)
    const left = await journal.find(id)
    if (left && isWaiting(left)) enqueue(left, model)
  }

  /** Ends a prediction, wherever it is. Resolves when it is settled and what ran it is gone. */
  async function end(id: string, reason: 'canceled' | 'overdue'): Promise<void> {
    const prediction = await journal.find(id)
    if (!prediction || isSettled(prediction)) return
    const name = modelName(prediction.model)
    if (queues.leave(name, id)) queues.waiting(name).forEach(journal.notify)
    const running = working.get(id)
    if (running) {
      running.stop(reason)
      await running.done
    } else if (isUnderWay(prediction)) await endThere(prediction, reason)
    else await journal.advance(id, { type: reason, at: now(), error: overdueSentence })
    clearDeadline(id)
    await journal.flush(id)
  }

  /** Whether the work on it can be followed on where an upstream does it. */
  function isUnderWay({ provider: name, remote }: Prediction): boolean {
    return remote !== null && providers.some((one) => one.name === name && one.resumes)
  }

  /** What an upstream works on is ended there, though it waits for its turn to be followed here. */
  async function endThere({ id, model: ref }: Prediction, reason: StopReason): Promise<void> {
    const model = await catalogue.find(ref)
    const stopped = new AbortController()
    stopped.abort(reason)
    if (model) await work(id, model, stopped)
    else await journal.advance(id, { type: 'canceled', at: now() })
  }

  return {
    enqueue,
    end,
    isUnderWay,
    isStopping: () => stopping,
    /** Whether anything runs or was taken since this was last asked. */
    wasBusy(): boolean {
      const busy = working.size > 0 || taken > 0
      taken = 0
      return busy
    },
    /** How many predictions of a model run, and how many wait. */
    load(ref: ModelRef): { readonly running: number; readonly waiting: number } {
      const name = modelName(ref)
      return { running: queues.running(name), waiting: queues.length(name) }
    },
    /** Place in line from 1; null when it does not wait for its turn. */
    position: ({ model, id }: Pick<Prediction, 'model' | 'id'>) =>
      queues.position(modelName(model), id),
    /** Begins nothing more, gives what runs `graceMs` to end, and stops the rest. */
    async stop(graceMs: number): Promise<void> {
      stopping = true
      const ended = Promise.all([...working.values()].map(({ done }) => done))
      await Promise.race([ended, delay(graceMs)])
      for (const { stop } of working.values()) stop('stopped')
      await ended
    },
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
