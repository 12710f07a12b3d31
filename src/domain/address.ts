/** An address without trailing slashes, so that paths can be appended to it. */
export function withoutEndSlashes(address: string): string {
  let end = address.length
  while (address.endsWith('/', end)) end--
  return address.slice(0, end)
}

const longestUrl = 2_000

/** A URL that pages may link to: `http:` or `https:`, without credentials. Null for any other text. */
export function webUrl(text: string | null | undefined): string | null {
  const url = text && text.length <= longestUrl ? URL.parse(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  return url.href
}
