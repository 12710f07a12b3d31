/** Numbers objects, for the keys of what is kept: the same number for the same object alone. */
export function createIdentities(): (value: object) => number {
  const known = new WeakMap<object, number>()
  let last = 0
  return (value) => {
    const before = known.get(value)
    if (before !== undefined) return before
    last++
    known.set(value, last)
    return last
  }
}
