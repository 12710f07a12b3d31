interface Waiter {
  readonly key: string | undefined
  readonly start: () => void
}

export type Semaphore = ReturnType<typeof createSemaphore>

/** Runs so many tasks at once. The others wait: prioritised ones first, then in order of arrival. */
export function createSemaphore(permits: number) {
  const waiting: Waiter[] = []
  const prioritised = new Set<string>()
  let free = permits

  function permit(key: string | undefined): Promise<void> {
    return new Promise((start) => {
      if (key !== undefined && prioritised.has(key)) waiting.unshift({ key, start })
      else waiting.push({ key, start })
    })
  }

  return {
    /** Runs a task once there is a permit for it. Its key is what `prioritise` takes. */
    async run<T>(task: () => Promise<T>, key?: string): Promise<T> {
      if (free > 0) free--
      else await permit(key)
      if (key !== undefined) prioritised.delete(key)
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next.start()
        else free++
      }
    },
    /** Lets the task with this key go first, whether it waits already or comes later. */
    prioritise(key: string): void {
      prioritised.add(key)
      const at = waiting.findIndex((one) => one.key === key)
      if (at > 0) waiting.unshift(...waiting.splice(at, 1))
    },
  }
}
