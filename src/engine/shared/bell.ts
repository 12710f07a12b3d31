/** Wakes somebody who waits, also when it rang before they did. */
export function createBell() {
  let isRung = false
  let wake: () => void = () => {}

  return {
    ring(): void {
      isRung = true
      wake()
    },
    /** Resolves when it rings, or has rung since the last time, and after `ms` at the latest. */
    async rungWithin(ms: number): Promise<void> {
      if (!isRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wake = () => {}
      isRung = false
    },
  }
}
