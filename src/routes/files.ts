import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { isId } from '../domain/id.ts'
import { sendFile } from './files/content.ts'

/** Files by reference: whoever has the address may read the file, for as long as something refers to it. */
export function storedFileRoutes({ store, files }: Deps) {
  return new Hono().get('/files/:ref/:name', async (c) => {
    const ref = c.req.param('ref')
    const found = isId(ref) ? await store.findFile(ref) : null
    return found ? sendFile(c, files, found.file) : c.notFound()
  })
}
