import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { validateWebhook } from 'replicate'
import type { JsonObject } from '../../src/domain/json/json.ts'

/** A request that a receiver of webhooks got. */
export interface Received {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly json: JsonObject
}

/** How a receiver answers. */
export type Behaviour = (response: ServerResponse, received: Received) => void

export function answers(status: number, headers: Readonly<Record<string, string>> = {}) {
  return (response: ServerResponse) => void response.writeHead(status, headers).end('Thank you.')
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** A real receiver of webhooks, which answers 200 until it is told to behave otherwise. */
export async function startReceiver(port = 0) {
  const received: Received[] = []
  let behaviour: Behaviour = answers(200)
  const server = createServer(async (request, response) => {
    response.on('error', () => {})
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { url = '', method = '', headers } = request
    const one = { path: url, method, headers, body, json: body === '' ? {} : JSON.parse(body) }
    received.push(one)
    behaviour(response, one)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: given } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${given}`
  return {
    origin,
    port: given,
    url: `${origin}/hook`,
    /** Everything that came, in order. */
    received,
    behave(next: Behaviour): void {
      behaviour = next
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The event of each delivery, and the status in its body. */
export function eventsIn(received: readonly Received[]): string[] {
  return received.map(({ headers, json }) => `${eventOf(headers)} ${json.status}`)
}

/** The event of a delivery by its id; a number stands for output and logs. */
function eventOf(headers: IncomingHttpHeaders): string {
  const event = String(headers['webhook-id']).split('_').at(-1) ?? ''
  return /^\d+$/.test(event) ? 'update' : event
}

/** Whether the official client takes it for genuine. */
export function isGenuine({ headers, body }: Received, secret: string): Promise<boolean> {
  const part = (name: string) => String(headers[`webhook-${name}`])
  const [id, timestamp, signature] = [part('id'), part('timestamp'), part('signature')]
  return validateWebhook({ id, timestamp, signature, body, secret })
}
