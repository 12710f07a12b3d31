/**
 * Lists of chunks: the first at once, and from then on those that came within `ms()` milliseconds after a list was taken.
 * A list has no more once its bytes are more than `most`. When the source breaks off, what came before is a
 * last list.
 */
export async function* gathered(
  source: AsyncIterable<Uint8Array>,
  ms: () => number,
  most: number,
): AsyncGenerator<readonly Uint8Array[]> {
  const iterator = source[Symbol.asyncIterator]()
  let opensAt = 0
  let next = observed(iterator.next())
  try {
    while (true) {
      const chunks: Uint8Array[] = []
      let size = 0
      let result: IteratorResult<Uint8Array> | undefined = await next
      const window = openWindow(opensAt - performance.now())
      try {
        while (result && !result.done) {
          chunks.push(result.value)
          size += result.value.byteLength
          next = observed(iterator.next())
          const isOpen = !window.isOver() && size < most
          result = isOpen ? await Promise.race([next, window.over]) : undefined
        }
      } catch (error) {
        if (chunks.length > 0) yield chunks
        throw error
      } finally {
        window.close()
      }
      if (chunks.length > 0) yield chunks
      if (result?.done) return
      opensAt = performance.now() + ms()
    }
  } finally {
    // It may wait for a server that says nothing: its connection is closed by its owner.
    void iterator.return?.().catch(() => {})
  }
}

/** A promise whose rejection is looked at later. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

const atOnce: Promise<undefined> = Promise.resolve(undefined)

/** A span of time in which chunks are gathered: one timer for all of them. */
function openWindow(ms: number) {
  if (ms <= 0) return { isOver: () => true, over: atOnce, close() {} }
  let isOver = false
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => {
    isOver = true
    resolve(undefined)
  }, ms)
  return { isOver: () => isOver, over, close: () => clearTimeout(timer) }
}
