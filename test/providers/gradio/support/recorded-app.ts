import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { bytesOf, recorded, replay } from '../../../support/transcripts.ts'

/** A request that the stand-in received. */
export interface Asked {
  /** `POST /gradio_api/queue/join`. */
  readonly what: string
  readonly query: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answering = (asked: Asked, response: ServerResponse) => unknown

export type RecordedApp = Awaited<ReturnType<typeof startRecorded>>

/** Answers with one of the recorded exchanges. */
export function as(name: string, pace = 0): Answering {
  return (_asked, response) => replay(recorded('gradio', name), response, { pace })
}

const prefix = '/gradio_api'

/** The recorded app: it answers each request as the real one did, and a run as the exchange that it plays. */
export async function startRecorded(plays = 'success') {
  const asked: Asked[] = []
  const answers = new Map<string, Answering>([
    ['GET /config', as('config')],
    [`GET ${prefix}/info`, as('info')],
    [`POST ${prefix}/queue/join`, (_asked, response) => join(response)],
    [`GET ${prefix}/queue/data`, (one, response) => as(`${current}.data`)(one, response)],
    [`POST ${prefix}/cancel`, as('cancel-unknown')],
    [`POST ${prefix}/upload`, as('upload-image')],
  ])
  let current = plays

  function join(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ event_id: eventOf(current) }))
  }

  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request
    const [path = '', query = ''] = url.split('?')
    const body = (await buffer(request)).toString('latin1')
    const one = { what: `${method} ${path}`, query, headers, body }
    asked.push(one)
    const isFile = path.startsWith(`${prefix}/file=`)
    const answer = answers.get(isFile ? 'file' : one.what) ?? (isFile && as(fileName(path)))
    if (answer) await answer(one, response)
    else await as('not-found')(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** The bodies of what was asked at a path. */
    bodies: (path: string) =>
      asked.filter(({ what }) => what.endsWith(path)).map(({ body }) => JSON.parse(body)),
    asks: (what: string) => asked.filter((one) => one.what === what),
    /** Plays another run from now on. */
    play(name: string) {
      current = name
    },
    /** Answers something in another way from now on: `POST /gradio_api/queue/join`, or `file`. */
    answer(what: string, answering: Answering) {
      answers.set(what, answering)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

function fileName(path: string): string {
  return path.endsWith('.png') ? 'file-download' : 'file-download-text'
}

/** The id of a recorded run. */
function eventOf(name: string): string {
  const [first] = recorded('gradio', `${name}.data`).response.chunks ?? []
  const text = first ? bytesOf(first).toString('utf8') : ''
  return /"event_id":"(\w+)"/.exec(text)?.[1] ?? 'event'
}

/** Answers with some text of a stream, and ends. */
export function streaming(...chunks: readonly (string | Buffer)[]): Answering {
  return (_asked, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (const chunk of chunks) response.write(chunk)
    response.end()
  }
}

export function refusing(status: number, body: unknown): Answering {
  return (_asked, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}
