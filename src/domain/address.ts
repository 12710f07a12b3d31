/** An address without trailing slashes, so that paths can be appended to it. */
export function withoutEndSlashes(address: string): string {
  let end = address.length
  while (address.endsWith('/', end)) end--
  return address.slice(0, end)
}
