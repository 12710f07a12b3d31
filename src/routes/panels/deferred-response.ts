import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Log } from '../../runner/options.ts'

/** A response whose whole body is in memory. */
export interface BufferedResponse {
  readonly status: 200 | 401 | 403 | 404 | 410
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** Calls `listener` when the client disconnects. */
export type OnDisconnect = (listener: () => void) => void

/** Resolves when there is a response; with null when the client has disconnected. */
export type DeferredResponse = (onDisconnect: OnDisconnect) => Promise<BufferedResponse | null>

/**
 * Sends a response when there is one. Over a socket the handler returns at once, which frees the
 * request and its context: most of the memory of a held request. So `respond` must not hold the
 * context, and no middleware can change the response.
 */
export function sendLater(
  c: Context,
  log: Log,
  respond: DeferredResponse,
): Response | Promise<Response> {
  const outgoing: ServerResponse | undefined = c.env?.outgoing
  if (outgoing) {
    void send(outgoing, log, respond)
    return RESPONSE_ALREADY_SENT
  }
  return respond(() => {}).then((response) =>
    response ? new Response(response.body, response) : c.notFound(),
  )
}

async function send(outgoing: ServerResponse, log: Log, respond: DeferredResponse): Promise<void> {
  try {
    const response = await respond((listener) => outgoing.once('close', listener))
    if (!response || outgoing.destroyed) return
    const { status, headers, body } = response
    outgoing.writeHead(status, { ...headers, 'Content-Length': body.length })
    outgoing.end(body)
  } catch (error) {
    log.error({ error }, 'A held request failed')
    if (!outgoing.headersSent) outgoing.writeHead(500)
    outgoing.end()
  }
}
