import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { countedPerson } from '../../domain/prediction/counted-person.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { createTurns, type Turns } from '../../domain/prediction/turns.ts'
import type { ClaimLimits, Queue } from './queue.ts'

interface Running {
  readonly prediction: Prediction
  readonly charged: number
}

/** The queue of one model. */
interface Line {
  readonly ref: ModelRef
  readonly turns: Turns<Prediction>
  readonly running: Map<string, Running>
}

/** The queue of a server that is alone: what waits is in its memory, and read from the store at the start. */
export function createMemoryQueue(): Queue {
  const lines = new Map<string, Line>()
  const runningOf = createCounts()
  const waitingOf = createCounts()

  function lineOf(ref: ModelRef): Line {
    const before = lines.get(modelName(ref))
    if (before) return before
    const line: Line = { ref, turns: createTurns(), running: new Map() }
    lines.set(modelName(ref), line)
    return line
  }

  function add(prediction: Prediction): boolean {
    const { turns } = lineOf(prediction.model)
    turns.add(prediction)
    waitingOf.add(countedPerson(prediction), 1)
    return turns.accounts() > 1
  }

  /** Takes the next one that may run; null when none may. */
  function take({ turns, running }: Line, limits: ClaimLimits): Prediction | null {
    if (running.size >= limits.copies) return null
    const next = turns.take(limits.charge, (one) => mayRun(one, running, limits))
    if (!next) return null
    running.set(next.id, { prediction: next, charged: limits.charge })
    waitingOf.add(countedPerson(next), -1)
    runningOf.add(countedPerson(next), 1)
    return next
  }

  function mayRun(
    one: Prediction,
    running: Line['running'],
    { ofDeployment, ofPerson }: ClaimLimits,
  ): boolean {
    const { deployment } = one
    const person = countedPerson(one)
    const most = ofDeployment(deployment && modelName(deployment))
    return (
      (most === Number.POSITIVE_INFINITY || countOf(running, deployment) < most) &&
      (person === null || runningOf.of(person) < ofPerson(person))
    )
  }

  /** Ends a run; null when it is not under way. */
  function end({ model: ref, id }: Pick<Prediction, 'id' | 'model'>) {
    const line = lines.get(modelName(ref))
    const ended = line?.running.get(id)
    if (!line || !ended) return null
    line.running.delete(id)
    runningOf.add(countedPerson(ended.prediction), -1)
    return { line, ...ended }
  }

  function dropWhenEmpty({ ref, turns, running }: Line): void {
    if (turns.size() + running.size === 0) lines.delete(modelName(ref))
  }

  return {
    add,
    async claim(ref, limits) {
      const line = lines.get(modelName(ref))
      if (!line) return { claimed: [], isMore: false }
      const claimed: Prediction[] = []
      for (let next = take(line, limits); next; next = take(line, limits)) claimed.push(next)
      return { claimed, isMore: line.turns.size() > 0 }
    },
    async release(prediction) {
      end(prediction)
      add(prediction)
    },
    async finish(prediction, ranMs) {
      const ended = end(prediction)
      if (!ended) return
      const { line, charged, prediction: ran } = ended
      if (ranMs !== null) line.turns.correct(ran.account, Math.round(ranMs) - charged)
      dropWhenEmpty(line)
    },
    async remove(prediction) {
      const line = lines.get(modelName(prediction.model))
      const removed = line?.turns.remove(prediction)
      if (!line || !removed) return false
      waitingOf.add(countedPerson(removed), -1)
      dropWhenEmpty(line)
      return true
    },
    place: async (prediction, charge) =>
      lines.get(modelName(prediction.model))?.turns.place(prediction, charge) ?? null,
    placeOfNext: async (ref, account, charge) =>
      lines.get(modelName(ref))?.turns.placeOfNext(account, charge) ?? {
        before: 0,
        own: 0,
        behind: 0,
      },
    async waiting(ref) {
      const all = lines.get(modelName(ref))?.turns.all() ?? []
      return all.map(({ id }) => id)
    },
    async load(ref) {
      const line = lines.get(modelName(ref))
      return { running: line?.running.size ?? 0, waiting: line?.turns.size() ?? 0 }
    },
    isFull: async (ref, most) => (lines.get(modelName(ref))?.turns.size() ?? 0) >= most,
    async loadOfDeployment(ref, deployment) {
      const { turns, running } = lines.get(modelName(ref)) ?? { turns: null, running: new Map() }
      const waiting = turns?.all().filter((one) => isOf(one, deployment)).length ?? 0
      return { running: countOf(running, deployment), waiting }
    },
    loadOfPerson: async (person) => ({
      running: runningOf.of(person),
      waiting: waitingOf.of(person),
    }),
    async modelsOf(person) {
      if (waitingOf.of(person) === 0) return []
      return [...lines.values()]
        .filter(({ turns }) => turns.all().some((one) => countedPerson(one) === person))
        .map(({ ref }) => ref)
    },
  }
}

function isOf({ deployment }: Prediction, ref: ModelRef): boolean {
  return deployment !== null && modelName(deployment) === modelName(ref)
}

function countOf(running: Line['running'], deployment: ModelRef | null): number {
  let count = 0
  for (const { prediction } of running.values())
    if (deployment === null ? prediction.deployment === null : isOf(prediction, deployment)) count++
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
