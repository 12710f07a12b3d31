import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Log } from '../../runner/options.ts'

/** An answer whose bytes are at hand. */
export interface BufferedResponse {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** Calls `listener` when nobody waits for an answer any more. */
export type OnDisconnect = (listener: () => void) => void

/** Makes an answer in its own time; null when nobody waits for it any more. */
export type DeferredResponse = (onGone: OnDisconnect) => Promise<BufferedResponse | null>

export function sendNow({ status, headers, body }: BufferedResponse): Response {
  return new Response(body, { status, headers })
}

/**
 * Answers when `make` does. Over a socket the handler is done before that, and all that was needed
 * to read and to admit the request can go: it is most of what a held request would hold. So no
 * middleware may want to add to the answer, and `make` must not hold the context.
 */
export function sendLater(
  c: Context,
  log: Log,
  make: DeferredResponse,
): Response | Promise<Response> {
  const outgoing: ServerResponse | undefined = c.env?.outgoing
  if (!outgoing) return make(() => {}).then((answer) => (answer ? sendNow(answer) : c.notFound()))
  void send(outgoing, log, make)
  return RESPONSE_ALREADY_SENT
}

async function send(outgoing: ServerResponse, log: Log, make: DeferredResponse): Promise<void> {
  try {
    const answer = await make((listener) => outgoing.once('close', listener))
    if (!answer || outgoing.destroyed) return
    const { status, headers, body } = answer
    outgoing.writeHead(status, { ...headers, 'Content-Length': body.length })
    outgoing.end(body)
  } catch (error) {
    log.error({ error }, 'A held request failed')
    if (!outgoing.headersSent) outgoing.writeHead(500)
    outgoing.end()
  }
}
