/** Tries until it holds; after `ms` the last failure is the test's. */
export async function eventually(check: () => unknown, ms = 10_000): Promise<void> {
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
