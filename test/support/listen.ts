import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** An app on a socket of its own, for what only a socket can show. */
export async function listen({ app }: { readonly app: Pick<Hono, 'fetch'> }) {
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    /** The status, headers and text of an answer to just these headers. */
    async ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
      const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }).end()
      const [answer] = await once(asked, 'response')
      return { status: answer.statusCode, headers: answer.headers, text: await text(answer) }
    },
    /** The response to raw bytes that no client would send. */
    async send(bytes: string): Promise<string> {
      const socket = connect(port, '127.0.0.1')
      socket.end(bytes)
      return text(socket)
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
