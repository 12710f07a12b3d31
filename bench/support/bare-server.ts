/**
 * A process with a plain `node:http` server: it answers all requests with the headers and body that
 * its parent sends.
 * @module
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Canned {
  readonly headers: Readonly<Record<string, string>>
  /** Its bytes, as base64. */
  readonly body: string
}

process.on('disconnect', () => process.exit())
process.once('message', ({ headers, body }: Canned) => {
  const bytes = Buffer.from(body, 'base64')
  const server = createServer((_request, response) => {
    response.writeHead(200, headers)
    response.end(bytes)
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})
