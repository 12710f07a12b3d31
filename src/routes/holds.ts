/** Most requests held at once: in all, and from one address. */
const mostHeld = { inAll: 20_000, perAddress: 1_000 }

/** Counts the requests whose answers wait. None is ever turned out: a new one finds no room. */
export function createHolds(most = mostHeld) {
  const perAddress = new Map<string, number>()
  let inAll = 0

  function add(address: string, one: 1 | -1): void {
    inAll += one
    const count = (perAddress.get(address) ?? 0) + one
    if (count === 0) perAddress.delete(address)
    else perAddress.set(address, count)
  }

  return {
    /** Takes a place; the answer gives it back. Null when there is none. */
    take(address: string): (() => void) | null {
      if (inAll >= most.inAll || (perAddress.get(address) ?? 0) >= most.perAddress) return null
      add(address, 1)
      return () => add(address, -1)
    },
  }
}
