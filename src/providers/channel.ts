export type Channel<T> = ReturnType<typeof createChannel<T>>

/** What is pushed on one side comes out on the other, in order, for one reader. */
export function createChannel<T>() {
  const waiting: T[] = []
  let wake: (() => void) | null = null
  let emptied: (() => void) | null = null
  return {
    push(item: T): void {
      waiting.push(item)
      wake?.()
    },
    /** The next item, waited for if need be. */
    async next(): Promise<T> {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      wake = null
      if (waiting.length === 1) emptied?.()
      return waiting.shift() as T
    },
    /** Resolves once the reader has asked for all that was pushed: whoever makes more waits for it. */
    async drained(): Promise<void> {
      if (waiting.length > 0)
        await new Promise<void>((resolve) => {
          emptied = resolve
        })
    },
    /** Everything that waits. */
    drain: (): T[] => waiting.splice(0),
  }
}
