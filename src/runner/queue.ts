/** First come, first served, with at most so many at once. */
export interface Queue {
  /** Ids that wait, the next first. */
  readonly waiting: string[]
  readonly running: Set<string>
}

export type Queues = ReturnType<typeof createQueues>

/** One queue for each model. */
export function createQueues() {
  const queues = new Map<string, Queue>()

  function of(model: string): Queue {
    const known = queues.get(model)
    if (known) return known
    const queue = { waiting: [], running: new Set<string>() }
    queues.set(model, queue)
    return queue
  }

  return {
    add(model: string, id: string): void {
      of(model).waiting.push(id)
    },
    /** The next to run, if one waits and there is room; it counts as running from now on. */
    take(model: string, atOnce: number): string | null {
      const queue = of(model)
      if (queue.running.size >= atOnce) return null
      const id = queue.waiting.shift()
      if (id === undefined) return null
      queue.running.add(id)
      return id
    },
    finish(model: string, id: string): void {
      of(model).running.delete(id)
    },
    /** Takes one out that has not begun; false when it does not wait here. */
    leave(model: string, id: string): boolean {
      const { waiting } = of(model)
      const at = waiting.indexOf(id)
      if (at >= 0) waiting.splice(at, 1)
      return at >= 0
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
