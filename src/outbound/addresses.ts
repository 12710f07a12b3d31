import { type BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The part of IPv6 that is assigned to the public internet. Parts of it are special, too. */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether an address is on the public internet, or in an allowed range. */
export function mayReach(address: string, allowed: BlockList): boolean {
  // A zone names a network interface of this machine.
  const [plain = ''] = address.split('%')
  return allowed.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4') || isPublic(plain)
}

function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || parsed.match(publicIpv6)
}
