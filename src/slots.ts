/** Lets so much work run at once; what comes later waits, first come, first served. */
export function createSlots(most: number) {
  const waiting: (() => void)[] = []
  let taken = 0

  return async function run(work: () => Promise<void>): Promise<void> {
    if (taken < most) taken++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else taken--
    }
  }
}
