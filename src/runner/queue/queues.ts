import type { Waiting } from '../../domain/prediction/turn-line.ts'
import { createTurns, type Place, type Turns } from '../../domain/prediction/turns.ts'

/** A prediction in a queue. */
export interface Queued extends Waiting {
  /** The deployment that it was sent to; null for none. */
  readonly deployment: string | null
  /** The person whose running predictions are counted; null when this one does not count. */
  readonly person: string | null
}

/** How many predictions may run at once. */
export interface Concurrency {
  readonly ofModel: number
  ofDeployment(deployment: string): number
  /** In all models. */
  ofPerson(person: string): number
}

interface Queue {
  readonly turns: Turns<Queued>
  readonly running: Map<string, Queued & { readonly charged: number }>
}

export type Queues = ReturnType<typeof createQueues>

/**
 * One queue for each model, in which accounts take turns. Predictions of a deployment or of a person
 * that already runs as many as it may are passed over. `charge` is the usual time of a run of the
 * model, in whole milliseconds.
 */
export function createQueues() {
  const queues = new Map<string, Queue>()
  const runningOf = createCounts()
  const waitingOf = createCounts()

  function of(model: string): Queue {
    const before = queues.get(model)
    if (before) return before
    const queue: Queue = { turns: createTurns(), running: new Map() }
    queues.set(model, queue)
    return queue
  }

  function dropWhenEmpty(model: string, { turns, running }: Queue): void {
    if (turns.size() + running.size === 0) queues.delete(model)
  }

  return {
    add(model: string, queued: Queued): void {
      of(model).turns.add(queued)
      waitingOf.add(queued.person, 1)
    },
    /** Takes the next prediction that may run; from now on it counts as running. Null when none may. */
    take(model: string, charge: number, concurrency: Concurrency): string | null {
      const queue = queues.get(model)
      if (!queue || queue.running.size >= concurrency.ofModel) return null
      const { turns, running } = queue
      const next = turns.take(
        charge,
        ({ deployment, person }) =>
          (deployment === null ||
            countOf(running, deployment) < concurrency.ofDeployment(deployment)) &&
          (person === null || runningOf.of(person) < concurrency.ofPerson(person)),
      )
      if (!next) return null
      running.set(next.id, { ...next, charged: charge })
      waitingOf.add(next.person, -1)
      runningOf.add(next.person, 1)
      return next.id
    },
    /** `ranMs`: the time that the model worked on it; null when that is not known. */
    finish(model: string, id: string, ranMs: number | null): Queued | null {
      const queue = queues.get(model)
      const ended = queue?.running.get(id)
      if (!queue || !ended) return null
      queue.running.delete(id)
      runningOf.add(ended.person, -1)
      if (ranMs !== null) queue.turns.correct(ended.account, Math.round(ranMs) - ended.charged)
      dropWhenEmpty(model, queue)
      return ended
    },
    /** Removes a waiting prediction; false when it does not wait here. */
    remove(model: string, waiting: Waiting): boolean {
      const queue = queues.get(model)
      const removed = queue?.turns.remove(waiting)
      if (!queue || !removed) return false
      waitingOf.add(removed.person, -1)
      dropWhenEmpty(model, queue)
      return true
    },
    /** Its place; null when it does not wait. */
    place: (model: string, waiting: Waiting, charge: number): Place | null =>
      queues.get(model)?.turns.place(waiting, charge) ?? null,
    /** The place of the next one of an account. */
    placeOfNext: (model: string, account: string, charge: number): Place =>
      queues.get(model)?.turns.placeOfNext(account, charge) ?? { before: 0, own: 0, behind: 0 },
    /** Whether predictions of more than one account wait. */
    isShared: (model: string): boolean => (queues.get(model)?.turns.accounts() ?? 0) > 1,
    /** Those that wait, in no order. */
    waiting: (model: string): readonly Queued[] => queues.get(model)?.turns.all() ?? [],
    running: (model: string): number => queues.get(model)?.running.size ?? 0,
    length: (model: string): number => queues.get(model)?.turns.size() ?? 0,
    /** How many of those that run and that wait are of a deployment. */
    loadOf(model: string, deployment: string): { running: number; waiting: number } {
      const { turns, running } = queues.get(model) ?? { turns: null, running: new Map() }
      const waiting = turns?.all().filter((one) => one.deployment === deployment).length ?? 0
      return { running: countOf(running, deployment), waiting }
    },
    /** How many of a person run, and wait, in all models. */
    loadOfPerson: (person: string) => ({
      running: runningOf.of(person),
      waiting: waitingOf.of(person),
    }),
    /** The models in whose queues a prediction of a person waits. */
    modelsOf: (person: string): readonly string[] =>
      waitingOf.of(person) === 0
        ? []
        : [...queues]
            .filter(([, { turns }]) => turns.all().some((one) => one.person === person))
            .map(([model]) => model),
  }
}

function countOf(running: ReadonlyMap<string, Queued>, deployment: string): number {
  let count = 0
  for (const one of running.values()) if (one.deployment === deployment) count++
  return count
}

/** Counts by name; those that are zero are forgotten. */
function createCounts() {
  const counts = new Map<string, number>()

  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add(name: string | null, more: number): void {
      if (name === null) return
      const count = (counts.get(name) ?? 0) + more
      if (count === 0) counts.delete(name)
      else counts.set(name, count)
    },
  }
}
