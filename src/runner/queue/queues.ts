interface Queue {
  /** Ids of the predictions that wait, the next first. */
  readonly waiting: string[]
  readonly running: Set<string>
  /** The deployment of each waiting or running prediction that has one. */
  readonly deployments: Map<string, string>
}

export type Queues = ReturnType<typeof createQueues>

/**
 * One first-in, first-out queue for each model. Where a deployment already runs as many predictions as
 * it may, its next ones are skipped.
 */
export function createQueues() {
  const queues = new Map<string, Queue>()

  function of(model: string): Queue {
    const before = queues.get(model)
    if (before) return before
    const queue: Queue = { waiting: [], running: new Set(), deployments: new Map() }
    queues.set(model, queue)
    return queue
  }

  /** The queue of a model, for reading alone. A model without predictions has an empty one. */
  function known(model: string): Queue {
    return queues.get(model) ?? { waiting: [], running: new Set(), deployments: new Map() }
  }

  function dropWhenEmpty(model: string): void {
    const { waiting, running } = known(model)
    if (waiting.length + running.size === 0) queues.delete(model)
  }

  function runningOf({ running, deployments }: Queue, deployment: string): number {
    let count = 0
    for (const id of running) if (deployments.get(id) === deployment) count++
    return count
  }

  return {
    add(model: string, id: string, deployment: string | null = null): void {
      const { waiting, deployments } = of(model)
      waiting.push(id)
      if (deployment !== null) deployments.set(id, deployment)
    },
    /**
     * Takes the next prediction that may run; from now on it counts as running. Null when none may:
     * at most `concurrency` run at once, and of a deployment at most `concurrencyOf` it.
     */
    take(
      model: string,
      concurrency: number,
      concurrencyOf: (deployment: string) => number = () => concurrency,
    ): string | null {
      const queue = known(model)
      const { waiting, running, deployments } = queue
      if (running.size >= concurrency) return null
      const at = waiting.findIndex((id) => {
        const deployment = deployments.get(id)
        return deployment === undefined || runningOf(queue, deployment) < concurrencyOf(deployment)
      })
      const [id] = at < 0 ? [] : waiting.splice(at, 1)
      if (id === undefined) return null
      running.add(id)
      return id
    },
    finish(model: string, id: string): void {
      const { running, deployments } = known(model)
      running.delete(id)
      deployments.delete(id)
      dropWhenEmpty(model)
    },
    /** Removes a waiting prediction; false when it does not wait here. */
    remove(model: string, id: string): boolean {
      const { waiting, deployments } = known(model)
      const at = waiting.indexOf(id)
      if (at < 0) return false
      waiting.splice(at, 1)
      deployments.delete(id)
      dropWhenEmpty(model)
      return true
    },
    /** Its position from 1; null when it does not wait. */
    position(model: string, id: string): number | null {
      const at = known(model).waiting.indexOf(id)
      return at < 0 ? null : at + 1
    },
    /** The ids of those that wait, in order. */
    waiting: (model: string): readonly string[] => known(model).waiting,
    running: (model: string) => known(model).running.size,
    length: (model: string) => known(model).waiting.length,
    /** How many of those that run and that wait are of a deployment. */
    loadOf(model: string, deployment: string): { running: number; waiting: number } {
      const queue = known(model)
      const all = [...queue.deployments.values()].filter((one) => one === deployment).length
      const running = runningOf(queue, deployment)
      return { running, waiting: all - running }
    },
  }
}
