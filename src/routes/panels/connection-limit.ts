/** The most connections that are open at the same time: in all, and from one client address. */
export interface ConnectionLimits {
  readonly inAll: number
  readonly perAddress: number
}

/** Limits connections that stay open for long. Past the limit new ones are refused. */
export function createConnectionLimit(most: ConnectionLimits) {
  const perAddress = new Map<string, number>()
  let inAll = 0

  function count(address: string, one: 1 | -1): void {
    inAll += one
    const left = (perAddress.get(address) ?? 0) + one
    if (left === 0) perAddress.delete(address)
    else perAddress.set(address, left)
  }

  return {
    /** Counts a connection, and returns what to call when it closes. Null when the limit is reached. */
    take(address: string): (() => void) | null {
      if (inAll >= most.inAll || (perAddress.get(address) ?? 0) >= most.perAddress) return null
      count(address, 1)
      return () => count(address, -1)
    },
  }
}
