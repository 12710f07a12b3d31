/**
 * A process with nothing but `node:http`: it answers whatever is asked with the head and body it
 * was sent.
 * @module
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Canned {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

process.on('disconnect', () => process.exit())
process.once('message', ({ headers, body }: Canned) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, headers)
    response.end(body)
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})
