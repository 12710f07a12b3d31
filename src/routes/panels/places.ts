/** Most places taken at once: in all, and by one address. */
export interface MostPlaces {
  readonly inAll: number
  readonly perAddress: number
}

/** Counts what is open for a long time. Nobody is ever turned out: a new one finds no room. */
export function createPlaces(most: MostPlaces) {
  const perAddress = new Map<string, number>()
  let inAll = 0

  function count(address: string, one: 1 | -1): void {
    inAll += one
    const left = (perAddress.get(address) ?? 0) + one
    if (left === 0) perAddress.delete(address)
    else perAddress.set(address, left)
  }

  return {
    /** Takes a place; the answer gives it back. Null when there is none. */
    take(address: string): (() => void) | null {
      if (inAll >= most.inAll || (perAddress.get(address) ?? 0) >= most.perAddress) return null
      count(address, 1)
      return () => count(address, -1)
    },
  }
}
