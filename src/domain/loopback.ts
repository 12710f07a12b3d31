/**
 * Whether a host name or an address can only be this machine. An address that resolvers may read in
 * different ways, such as `0177.0.0.1`, is not.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  if (name === 'localhost' || name === 'localhost.') return true
  if (ipv4.test(name)) return true
  const address = name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name
  return address.includes(':') && isLoopback6(address)
}

const ipv4 = /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/

/** `::1` in any of its spellings, or an IPv4 address of this machine written as IPv6. */
function isLoopback6(address: string): boolean {
  if (!/^[\da-f:.]+$/.test(address)) return false
  const written = URL.parse(`http://[${address}]`)?.hostname ?? ''
  return written === '[::1]' || /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(written)
}
