/**
 * Reads once for all who ask before it begins: while a read is under way, those who ask share the next. So nobody
 * is told how something was before they asked.
 */
export function shareReads<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<void> = Promise.resolve()
  let next: Promise<T> | null = null

  function begin(): Promise<T> {
    next = null
    const reading = read()
    underWay = reading.then(over, over)
    return reading
  }

  return () => {
    next ??= underWay.then(begin)
    return next
  }
}

function over(): void {}
