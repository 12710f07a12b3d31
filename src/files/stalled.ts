/** Calls `stalled` when `getsOn` has not been called for `ms` milliseconds. */
export function createStallTimer(ms: number, stalled: () => void) {
  const timer = setTimeout(stalled, ms)
  return {
    getsOn: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  }
}

/**
 * The same bytes. Fails when none come for `ms` milliseconds while they are asked for: a slow reader may
 * take its time.
 */
export function failsWhenStalled(
  stream: ReadableStream<Uint8Array>,
  ms: number,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const timer = createStallTimer(ms, () => {
          const error = new Error('A stored file stopped coming.')
          controller.error(error)
          reader.cancel(error).catch(() => {})
        })
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } finally {
          timer.stop()
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
