import type { Context } from 'hono'
import { type Cookie, parse } from 'hono/utils/cookie'
import { LRUCache } from 'lru-cache'
import { requestHeader } from './connection.ts'

/** The cookies in each `Cookie` header that was read, up to a size in UTF-16 units. */
const known = new LRUCache<string, Cookie>({
  maxSize: 2 ** 20,
  sizeCalculation: (_cookies, header) => 200 + 2 * header.length,
})

/**
 * A cookie of a request. Browsers send the same header with each request, and it is read several times
 * for one.
 */
export function cookieOf(c: Context, name: string): string | undefined {
  const header = requestHeader(c, 'cookie')
  if (header === undefined) return undefined
  const before = known.get(header)
  if (before) return before[name]
  const cookies = parse(header)
  known.set(header, cookies)
  return cookies[name]
}
