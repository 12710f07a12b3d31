import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Json, JsonObject } from '../../../../src/domain/json/json.ts'
import { type RecordedServer, recorded, replay } from '../../../support/transcripts.ts'

/** A request that a stand-in received. */
export interface Asked {
  /** `POST /v1/chat/completions`. */
  readonly what: string
  /** Its path and query. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly raw: Buffer
  /** Null when it is no JSON. */
  readonly body: JsonObject
}

/** Answers a request; may take as long as it likes. */
export type Answering = (asked: Asked, response: ServerResponse) => void | Promise<void>

export type Routes = Readonly<Record<string, Json | Answering>>

export type Upstream = Awaited<ReturnType<typeof startUpstream>>

/** A server that answers at some addresses, with JSON or as a function does, and nowhere else. */
export async function startUpstream(routes: Routes) {
  const asked: Asked[] = []
  const current = { routes }
  const server = createServer(async (request, response) => {
    const raw = await buffer(request).catch(() => null)
    if (raw === null) return
    const { url = '' } = request
    const path = url.split('?')[0] ?? ''
    const one = {
      what: `${request.method} ${path}`,
      url,
      headers: request.headers,
      raw,
      body: jsonOf(raw),
    }
    asked.push(one)
    const route = current.routes[one.what]
    if (typeof route === 'function') return void (await route(one, response))
    if (route !== undefined) return sendJson(response, 200, route)
    sendJson(response, 404, { error: { message: 'File Not Found', type: 'not_found_error' } })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** Answers as others from now on. */
    become(next: Routes) {
      current.routes = next
    },
    asks: (what: string) => asked.filter((one) => one.what === what),
    async close() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function jsonOf(raw: Buffer): JsonObject {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return {}
  }
}

export function sendJson(response: ServerResponse, status: number, json: Json): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(json))
}

/** Answers with a status and JSON. */
export function refusing(status: number, json: Json): Answering {
  return (_asked, response) => sendJson(response, status, json)
}

/** Answers as a server was recorded to. */
export function replaying(server: RecordedServer, name: string, pace = 0): Answering {
  return (_asked, response) => replay(recorded(server, name), response, { pace })
}

/** A stream of a chat model that is being written. */
export interface Writing {
  readonly asked: Asked
  readonly response: ServerResponse
  /** Aborts when the client has hung up. */
  readonly signal: AbortSignal
  /** Writes text as it is. */
  raw(text: string): void
  /** Writes an event. */
  event(json: Json): void
  /** Writes a part of the answer. */
  text(content: string): void
  reasoning(content: string): void
  /** Writes the end. */
  end(reason?: string): void
  /** Waits, until the client hangs up at the latest. */
  work(ms: number): Promise<void>
}

/** Answers with server-sent events. */
export function streaming(write: (writing: Writing) => void | Promise<void>): Answering {
  return async (asked, response) => {
    const hungUp = new AbortController()
    response.once('close', () => hungUp.abort())
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.flushHeaders()
    const raw = (text: string) => void response.write(text)
    const event = (json: Json) => raw(`data: ${JSON.stringify(json)}\n\n`)
    const delta = (json: JsonObject) =>
      event({ choices: [{ index: 0, delta: json, finish_reason: null }] })
    await write({
      asked,
      response,
      signal: hungUp.signal,
      raw,
      event,
      text: (content) => delta({ content }),
      reasoning: (content) => delta({ reasoning_content: content }),
      end(reason = 'stop') {
        event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })
        event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } })
        raw('data: [DONE]\n\n')
        response.end()
      },
      work: (ms) => wait(ms, undefined, { signal: hungUp.signal }).catch(() => {}),
    })
  }
}

/** The list of models of a server. */
export function modelList(ids: readonly string[], ownedBy: string, more: JsonObject = {}): Json {
  return {
    object: 'list',
    data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: ownedBy, ...more })),
  }
}
