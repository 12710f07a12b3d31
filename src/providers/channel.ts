export type Channel<T> = ReturnType<typeof createChannel<T>>

/** A queue of items for one reader. */
export function createChannel<T>() {
  const waiting: T[] = []
  let wake: (() => void) | null = null
  let emptied: (() => void) | null = null
  return {
    push(item: T): void {
      waiting.push(item)
      wake?.()
    },
    /** Resolves with the next item. */
    async next(): Promise<T> {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      wake = null
      if (waiting.length === 1) emptied?.()
      return waiting.shift() as T
    },
    /** Resolves once the reader has taken all items, so that a writer can wait for it. */
    async drained(): Promise<void> {
      if (waiting.length > 0)
        await new Promise<void>((resolve) => {
          emptied = resolve
        })
    },
    /** Takes all items that wait. */
    drain(): T[] {
      emptied?.()
      return waiting.splice(0)
    },
  }
}
