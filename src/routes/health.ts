import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

/** With less room than this, what is being made cannot be kept for long. */
const leastRoom = 16 * 2 ** 20

/** For whoever watches the process: that it lives, and that it can work. */
export function healthRoutes(deps: Deps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const trouble = await troubleOf(deps)
      return trouble === null ? c.json({ status: 'ok' }) : c.json({ status: trouble }, 503)
    })
}

/** What keeps the server from working; null when nothing does. */
async function troubleOf({ store, files }: Deps): Promise<string | null> {
  try {
    await store.ping()
    return (await files.room()) < leastRoom ? 'the disk of the server is full' : null
  } catch (error) {
    return error instanceof Error ? error.message : 'the database does not answer'
  }
}
