/** An address as others are written after it: without the slashes that it ends with. */
export function withoutEndSlashes(address: string): string {
  let end = address.length
  while (address.endsWith('/', end)) end--
  return address.slice(0, end)
}
