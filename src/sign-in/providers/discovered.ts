/** How long after a failure the provider is not asked again, in milliseconds. */
const pauseMs = 1_000

/**
 * Loads a value when it is first needed, and keeps it. Calls at the same time share one load. A failure
 * is not kept for longer than a second: who comes later tries again.
 */
export function loadedOnce<Value>(
  load: () => Promise<Value>,
  now: () => number,
): () => Promise<Value> {
  let loading: Promise<Value> | null = null
  let failedAt: number | null = null

  return () => {
    const mayTryAgain = failedAt !== null && Math.abs(now() - failedAt) >= pauseMs
    if (loading && !mayTryAgain) return loading
    failedAt = null
    loading = load().catch((error) => {
      failedAt = now()
      throw error
    })
    return loading
  }
}
