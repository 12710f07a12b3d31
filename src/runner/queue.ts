/** First come, first served, with at most so many at once. */
interface Queue {
  /** Ids that wait, the next first. */
  readonly waiting: string[]
  readonly running: Set<string>
  /** The lane of each that has one, while it waits and while it runs. */
  readonly lanes: Map<string, string>
}

export type Queues = ReturnType<typeof createQueues>

/**
 * One queue for each model. Those of a lane are let by only as far as the lane has room: the others
 * pass those that wait for it.
 */
export function createQueues() {
  const queues = new Map<string, Queue>()

  function of(model: string): Queue {
    const known = queues.get(model)
    if (known) return known
    const queue = { waiting: [], running: new Set<string>(), lanes: new Map<string, string>() }
    queues.set(model, queue)
    return queue
  }

  function runningIn({ running, lanes }: Queue, lane: string): number {
    let count = 0
    for (const id of running) if (lanes.get(id) === lane) count++
    return count
  }

  return {
    add(model: string, id: string, lane: string | null = null): void {
      const { waiting, lanes } = of(model)
      waiting.push(id)
      if (lane !== null) lanes.set(id, lane)
    },
    /**
     * The next to run, if one waits and there is room: for `atOnce` in all, and for as many of a
     * lane as `inLane` says. It counts as running from now on.
     */
    take(
      model: string,
      atOnce: number,
      inLane: (lane: string) => number = () => atOnce,
    ): string | null {
      const queue = of(model)
      const { waiting, running, lanes } = queue
      if (running.size >= atOnce) return null
      const at = waiting.findIndex((id) => {
        const lane = lanes.get(id)
        return lane === undefined || runningIn(queue, lane) < inLane(lane)
      })
      const [id] = at < 0 ? [] : waiting.splice(at, 1)
      if (id === undefined) return null
      running.add(id)
      return id
    },
    finish(model: string, id: string): void {
      const { running, lanes } = of(model)
      running.delete(id)
      lanes.delete(id)
    },
    /** Takes one out that has not begun; false when it does not wait here. */
    leave(model: string, id: string): boolean {
      const { waiting, lanes } = of(model)
      const at = waiting.indexOf(id)
      if (at < 0) return false
      waiting.splice(at, 1)
      lanes.delete(id)
      return true
    },
    /** Place in line from 1; null when it does not wait. */
    position(model: string, id: string): number | null {
      const at = of(model).waiting.indexOf(id)
      return at < 0 ? null : at + 1
    },
    /** Those that wait, in order. */
    waiting: (model: string): readonly string[] => of(model).waiting,
    running: (model: string) => of(model).running.size,
    length: (model: string) => of(model).waiting.length,
  }
}
