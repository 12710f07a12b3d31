/** Wakes somebody who waits, also when it rang before they did. */
export function createBell() {
  let isRung = false
  let wake: () => void = () => {}
  let isLateSet = false

  function ring(): void {
    isRung = true
    wake()
  }

  return {
    ring,
    /** Rings after `ms`, once for all that ask for it until then. */
    ringIn(ms: number): void {
      if (isLateSet) return
      isLateSet = true
      setTimeout(() => {
        isLateSet = false
        ring()
      }, ms).unref()
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
