import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { mayReach } from './addresses.ts'
import { NotFetched } from './not-fetched.ts'

/** The addresses that may be reached although they are not public. */
export interface AllowList {
  /** Whether every address behind this origin may be reached. */
  hasOrigin(url: URL): boolean
  /** Throws `NotFetched` for a URL whose host is an address that may not be reached. */
  check(url: URL): void
  /** Resolves names; fails for a name with an address that may not be reached. */
  readonly lookup: LookupFunction
}

/** `allow`: origins and address ranges, as in `GuardOptions`. */
export function createAllowList(allow: readonly string[]): AllowList {
  const addresses = new BlockList()
  const origins = new Set<string>()
  for (const entry of allow) {
    const [network = '', prefix] = entry.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(network))
      addresses.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
    else origins.add(URL.parse(entry)?.origin ?? entry)
  }

  return {
    hasOrigin: ({ origin }) => origins.has(origin),
    check({ origin, hostname }) {
      const host = hostname.replace(/^\[|\]$/g, '')
      if (!origins.has(origin) && isIP(host) && !mayReach(host, addresses))
        throw new NotFetched('not allowed')
    },
    lookup: (host, options, callback) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '', 0)
        // The connection may use any of the addresses, so all of them must be allowed.
        const isBad = found.some(({ address }) => !mayReach(address, addresses))
        const [first] = found
        if (isBad || !first) return callback(new NotFetched('not allowed'), '', 0)
        if (options.all) return callback(null, found)
        callback(null, first.address, first.family)
      })
    },
  }
}
