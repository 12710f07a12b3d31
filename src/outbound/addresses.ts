import { BlockList, isIP } from 'node:net'

/** Everything that is not the public internet: RFC 6890 and what has been added since. */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, prefix, 'ipv4')

/**
 * Of IPv6 only 2000::/3 is the public internet, and that not wholly. A list of its own, as IPv4
 * addresses count as IPv6 ones to a list that has both.
 */
const special6 = new BlockList()
for (const [network, prefix] of [
  ['::', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['4000::', 2],
  ['8000::', 1],
] as const)
  special6.addSubnet(network, prefix, 'ipv6')

/** Whether an address is on the public internet, or in a range that was let through. */
export function mayReach(address: string, allowed: BlockList): boolean {
  // A zone says by which way an address is reached, and means nothing elsewhere.
  const [plain = ''] = address.split('%')
  if (isIP(plain) === 6) return allowed.check(plain, 'ipv6') || !special6.check(plain, 'ipv6')
  return allowed.check(plain, 'ipv4') || !special.check(plain, 'ipv4')
}
