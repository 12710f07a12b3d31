interface UnderWay {
  readonly done: Promise<void>
  next: Promise<void> | null
}

/**
 * Does pieces of work with the same key one after another. One that is asked for while another is under way
 * starts after it, and stands for all that are asked for until then.
 */
export function createOneByOne() {
  const underWay = new Map<string, UnderWay>()

  function start(key: string, work: () => Promise<void>): Promise<void> {
    const started: UnderWay = { done: work(), next: null }
    underWay.set(key, started)
    const over = () => {
      if (!started.next) underWay.delete(key)
    }
    started.done.then(over, over)
    return started.done
  }

  return (key: string, work: () => Promise<void>): Promise<void> => {
    const before = underWay.get(key)
    if (!before) return start(key, work)
    const again = () => start(key, work)
    before.next ??= before.done.then(again, again)
    return before.next
  }
}
