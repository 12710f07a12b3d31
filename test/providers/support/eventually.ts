const pollMs = 10

/** Resolves when the check holds; rejects when it has not after `ms`. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  const until = performance.now() + ms
  while (!(await check())) {
    if (performance.now() > until) throw new Error(`Not within ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
