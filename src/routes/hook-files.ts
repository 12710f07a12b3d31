import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { sendFile } from './files/content.ts'

/** What an upstream works on, for as long as it does: its address is the proof that it may have it. */
export function upstreamFileRoutes({ runner, files }: Deps) {
  return new Hono().get('/hooks/files/:token/:ref/:name', (c) => {
    const file = runner.inputFile(c.req.param('token'), c.req.param('ref'))
    return file ? sendFile(c, files, file) : c.notFound()
  })
}
