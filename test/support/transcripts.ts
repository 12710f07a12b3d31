import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../../src/root.ts'

/** The servers that were recorded; see `test/fixtures/upstreams/README.md`. */
export type RecordedServer = 'llama' | 'gradio' | 'comfy'

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string
  readonly encoding?: 'base64'
}

/** A chunk of a streamed body, or a frame of a WebSocket. */
export interface RecordedChunk {
  /** Milliseconds after the request. */
  readonly t: number
  readonly data: string
  readonly encoding?: 'base64'
  readonly frame?: 'text' | 'binary' | 'close'
}

export interface RecordedResponse {
  /** Null when none came. */
  readonly status: number | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** Null when the body was no stream. */
  readonly chunks: readonly RecordedChunk[] | null
  readonly end: 'complete' | 'eof' | 'client-closed' | 'reset'
}

export interface Recorded {
  readonly request: RecordedRequest
  readonly response: RecordedResponse
}

const folder = join(root, 'test', 'fixtures', 'upstreams')

/** One exchange by its name: `recorded('llama', 'chat-stream-usage')`. */
export function recorded(server: RecordedServer, name: string): Recorded {
  const path = join(folder, server, name)
  const response = JSON.parse(readFileSync(`${path}.res.json`, 'utf8'))
  const lines =
    response.stream === undefined ? null : linesOf(join(folder, server, response.stream))
  return {
    request: JSON.parse(readFileSync(`${path}.req.json`, 'utf8')),
    response: {
      status: response.status,
      headers: response.headers ?? [],
      body: Buffer.from(response.body ?? '', response.encoding ?? 'utf8'),
      chunks: lines?.filter((line) => line.data !== undefined) ?? null,
      end: lines?.find((line) => line.end !== undefined)?.end ?? response.end ?? 'complete',
    },
  }
}

function linesOf(path: string) {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** The bytes of a chunk. */
export function bytesOf({ data, encoding }: RecordedChunk): Buffer {
  return Buffer.from(data, encoding ?? 'utf8')
}

export interface ReplayOptions {
  /** The share of the recorded gaps between chunks that is waited: 0 for none, which is the default. */
  readonly pace?: number
}

const ofConnection = /^(?:connection|keep-alive|transfer-encoding|content-length|date)$/i

/**
 * Answers a request as it was answered: the same status, headers and chunks, and the same end. Resolves
 * when all is sent, or the client has hung up.
 */
export async function replay(
  { response }: Recorded,
  to: ServerResponse,
  { pace = 0 }: ReplayOptions = {},
): Promise<void> {
  const hangUp = new AbortController()
  to.once('close', () => hangUp.abort())
  for (const [name, value] of response.headers)
    if (!ofConnection.test(name)) to.appendHeader(name, value)
  to.writeHead(response.status ?? 200)
  if (!response.chunks) return void to.end(response.body)
  to.flushHeaders()
  let sent = 0
  for (const chunk of response.chunks) {
    await wait(Math.max(0, chunk.t - sent) * pace, undefined, { signal: hangUp.signal }).catch(
      () => {},
    )
    if (hangUp.signal.aborted) return
    sent = chunk.t
    to.write(bytesOf(chunk))
  }
  if (response.end === 'complete') to.end()
  else if (response.end === 'reset') to.socket?.resetAndDestroy()
  else to.socket?.end()
}
