import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

/** With less space than this on the disk, in bytes, the server is not ready: outputs would soon not be saved. */
const leastRoom = 16 * 2 ** 20

/** Liveness and readiness checks. */
export function healthRoutes(deps: Deps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const trouble = await troubleOf(deps)
      return trouble === null ? c.json({ status: 'ok' }) : c.json({ status: trouble }, 503)
    })
}

/** Why the server cannot work; null when it can. */
async function troubleOf({ store, files, runner, draining }: Deps): Promise<string | null> {
  if (draining?.aborted) return 'the server is stopping'
  if (runner.isStalled()) return 'the database could not be reached for too long'
  try {
    await store.ping()
    return (await files.room()) < leastRoom ? 'the disk of the server is full' : null
  } catch (error) {
    return error instanceof Error ? error.message : 'the database does not answer'
  }
}
