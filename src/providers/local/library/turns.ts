interface Waiting {
  readonly key: string
  readonly begin: () => void
}

/** Lets so many work at once; the rest wait, first come, first served, but for those in a hurry. */
export function createTurns(atOnce: number) {
  const waiting: Waiting[] = []
  const hurried = new Set<string>()
  let free = atOnce

  function turn(key: string): Promise<void> {
    return new Promise((begin) => {
      if (hurried.has(key)) waiting.unshift({ key, begin })
      else waiting.push({ key, begin })
    })
  }

  return {
    async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
      if (free > 0) free--
      else await turn(key)
      hurried.delete(key)
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next.begin()
        else free++
      }
    },
    /** What waits under this key, or will, is next. */
    hurry(key: string): void {
      hurried.add(key)
      const at = waiting.findIndex((one) => one.key === key)
      if (at > 0) waiting.unshift(...waiting.splice(at, 1))
    },
  }
}
