import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { root } from '../../src/root.ts'

/** The scripts of both versions of htmx that pages of others load. */
const scripts: Readonly<Record<string, string>> = {
  '/htmx2.js': 'node_modules/htmx2/dist/htmx.min.js',
  '/htmx4.js': 'node_modules/htmx.org/dist/htmx.min.js',
}

/**
 * A server of another origin. `pages`: the HTML at each path, written when it is asked for. Under the name
 * `localhost`, its pages are of another site than those at `127.0.0.1`.
 */
export async function startOtherOrigin(
  pages: Readonly<Record<string, (query: URLSearchParams) => string>>,
  name: '127.0.0.1' | 'localhost' = '127.0.0.1',
) {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const script = scripts[pathname]
    if (script) return response.end(readFileSync(join(root, script)))
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(pages[pathname]?.(searchParams) ?? '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${name}:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
