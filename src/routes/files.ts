import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { sendFile } from './files/content.ts'
import { findSeenFile } from './people/looks.ts'
import { viewerOf } from './request/viewer.ts'

/** Stored files by their reference, for viewers who may see them. */
export function storedFileRoutes(deps: Deps) {
  return new Hono().get('/files/:ref/:name', async (c) => {
    const file = await findSeenFile(c, deps, viewerOf(c, deps), c.req.param('ref'))
    return file ? sendFile(c, deps.files, file) : c.notFound()
  })
}

/** Input files for upstreams, while they run a prediction. The token is the permission to read them. */
export function upstreamFileRoutes({ runner, files }: Deps) {
  return new Hono().get('/hooks/files/:token/:content/:name', async (c) => {
    const { token, content, name } = c.req.param()
    const found = await runner.inputFile(token, content)
    return found ? sendFile(c, files, { ...found, ref: '', name }) : c.notFound()
  })
}
