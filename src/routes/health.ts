import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

/** For whoever watches the process: that it lives, and that it can work. */
export function healthRoutes({ store }: Deps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        await store.ping()
        return c.json({ status: 'ok' })
      } catch {
        return c.json({ status: 'the database does not answer' }, 503)
      }
    })
}
