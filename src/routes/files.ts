import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { isId } from '../domain/id.ts'
import { sendFile } from './files/content.ts'

/** Stored files by their reference, which is secret enough to be the permission to read them. */
export function storedFileRoutes({ store, files }: Deps) {
  return new Hono().get('/files/:ref/:name', async (c) => {
    const ref = c.req.param('ref')
    const found = isId(ref) ? await store.findFile(ref) : null
    return found ? sendFile(c, files, found.file) : c.notFound()
  })
}

/** Input files for upstreams, while they run a prediction. The token is the permission to read them. */
export function upstreamFileRoutes({ runner, files }: Deps) {
  return new Hono().get('/hooks/files/:token/:ref/:name', (c) => {
    const file = runner.inputFile(c.req.param('token'), c.req.param('ref'))
    return file ? sendFile(c, files, file) : c.notFound()
  })
}
