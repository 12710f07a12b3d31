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
    const before = queues.get(model)
    if (before) return before
    const queue = { waiting: [], running: new Set<string>(), lanes: new Map<string, string>() }
    queues.set(model, queue)
    return queue
  }

  /** For reading alone: a model of which nothing waits or runs has no queue. */
  function known(model: string): Queue {
    return queues.get(model) ?? { waiting: [], running: new Set(), lanes: new Map() }
  }

  function dropWhenEmpty(model: string): void {
    const { waiting, running } = known(model)
    if (waiting.length + running.size === 0) queues.delete(model)
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
      const queue = known(model)
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
      const { running, lanes } = known(model)
      running.delete(id)
      lanes.delete(id)
      dropWhenEmpty(model)
    },
    /** Takes one out that has not begun; false when it does not wait here. */
    leave(model: string, id: string): boolean {
      const { waiting, lanes } = known(model)
      const at = waiting.indexOf(id)
      if (at < 0) return false
      waiting.splice(at, 1)
      lanes.delete(id)
      dropWhenEmpty(model)
      return true
    },
    /** Place in line from 1; null when it does not wait. */
    position(model: string, id: string): number | null {
      const at = known(model).waiting.indexOf(id)
      return at < 0 ? null : at + 1
    },
    /** Those that wait, in order. */
    waiting: (model: string): readonly string[] => known(model).waiting,
    running: (model: string) => known(model).running.size,
    length: (model: string) => known(model).waiting.length,
  }
}
