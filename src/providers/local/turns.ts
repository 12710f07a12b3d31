/** Lets so many work at once; the rest wait, first come, first served. */
export function createTurns(atOnce: number) {
  const waiting: (() => void)[] = []
  let free = atOnce

  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
