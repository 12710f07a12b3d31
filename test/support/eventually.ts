/**
 * Tries until it does not throw; after `ms` the last failure is the test's. Only what never holds
 * takes that long, so it is far more than a busy machine needs.
 */
export async function eventually(check: () => unknown, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms
  while (true) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
