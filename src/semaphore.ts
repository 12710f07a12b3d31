export type Semaphore = ReturnType<typeof createSemaphore>

/** Runs so many tasks at once. The others wait, in order of arrival. */
export function createSemaphore(permits: number) {
  const waiting: (() => void)[] = []
  let free = permits

  function permit(): Promise<void> {
    return new Promise((start) => waiting.push(start))
  }

  return {
    /** Runs a task once there is a permit for it. */
    async run<T>(task: () => Promise<T>): Promise<T> {
      if (free > 0) free--
      else await permit()
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else free++
      }
    },
  }
}
