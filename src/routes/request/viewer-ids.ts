import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isId } from '../../domain/id.ts'
import { equalBytes } from './constant-time.ts'

export type ViewerIds = ReturnType<typeof createViewerIds>

/**
 * The ids of viewers in cookies that we sign with `key`. Hono’s signed cookies are asynchronous, and
 * verified again with each request.
 */
export function createViewerIds(key: string) {
  /** The id in each cookie that was verified. */
  const verified = new LRUCache<string, string>({ max: 10_000 })

  function signature(id: string): string {
    return createHmac('sha256', key).update(id).digest('base64url')
  }

  return {
    /** The value of the cookie that holds an id. */
    sign: (id: string): string => `${id}.${signature(id)}`,
    /** The id in a cookie; empty when we did not sign it. */
    read(cookie: string): string {
      const known = verified.get(cookie)
      if (known !== undefined) return known
      const [id = '', given = ''] = cookie.split('.')
      if (!isId(id) || !equalBytes(Buffer.from(given), Buffer.from(signature(id)))) return ''
      verified.set(`${id}.${given}`, id)
      return id
    },
  }
}
