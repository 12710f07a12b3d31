/** What is pushed on one side comes out of the iterator on the other, in order. */
export function createChannel<T>() {
  const waiting: T[] = []
  let wake: (() => void) | null = null
  return {
    push(item: T): void {
      waiting.push(item)
      wake?.()
    },
    async next(): Promise<T> {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      wake = null
      return waiting.shift() as T
    },
  }
}
