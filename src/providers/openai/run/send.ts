import type { FormData } from 'undici'
import { beginning } from '../../../domain/json/excerpt.ts'
import { type Json, parsePythonJson } from '../../../domain/json/json.ts'
import { within } from '../../../sleep.ts'
import type { RequestHeaders, StreamingResponse, UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import { authorization } from '../servers/identify.ts'
import type { Server } from '../servers/server.ts'
import { type Failure, isBusyAnswer, isLoadingAnswer, refusal } from './refusal.ts'

/** What came of a request for a run. */
export type Sent =
  | { readonly kind: 'answered'; readonly response: StreamingResponse }
  /** It was not taken, and may be sent again after `afterMs`; `sentence` is why, should it be the last try. */
  | {
      readonly kind: 'again'
      readonly why: 'loading' | 'busy' | 'away'
      readonly afterMs: number | null
      readonly sentence: string
    }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly raw: string }

export interface RunRequest {
  /** After the server's root: `/chat/completions`. */
  readonly url: string
  readonly body: string | FormData
  readonly headers: RequestHeaders
}

const mostErrorBytes = 64 * 1024
const mostQuoted = 2_000
const errorBodyMs = 5_000

/** Sends a run, and decides by the head of the response whether it runs. Rejects when the signal aborts. */
export async function sendRun(
  { url, body, headers }: RunRequest,
  server: Server,
  client: UpstreamClient,
  signal: AbortSignal,
): Promise<Sent> {
  const key = server.key()
  try {
    const all = { ...authorization(key), ...headers }
    const response = await client.send(url, { method: 'POST', headers: all, body, signal })
    if (response.status === 200) return { kind: 'answered', response }
    return await refused(response, server, key)
  } catch (error) {
    if (!(error instanceof RequestError) || signal.aborted) throw error
    const sentence = `The server at ${server.base} cannot be reached: ${error.message}.`
    if (!error.sent) return { kind: 'again', why: 'away', afterMs: null, sentence }
    const cut = `The server at ${server.base} closed the connection before it answered.`
    return { kind: 'refused', failure: { error: cut, isTooLong: false }, raw: error.message }
  }
}

async function refused(
  response: StreamingResponse,
  server: Server,
  key: string | null,
): Promise<Sent> {
  const { status, headers } = response
  const text = withoutKey((await within(errorBodyMs, textOf(response.body))) ?? '', key)
  const json = jsonIn(text)
  const place = `The server at ${server.base}`
  const failure = refusal(status, json, place)
  const { error: sentence } = failure
  const afterMs = retryAfter(headers['retry-after'])
  if (isLoadingAnswer(status, json)) return { kind: 'again', why: 'loading', afterMs, sentence }
  if (isBusyAnswer(status, json)) return { kind: 'again', why: 'busy', afterMs, sentence }
  return { kind: 'refused', failure, raw: `${status} ${beginning(text, mostQuoted)}` }
}

/** The beginning of a body. Never rejects: what arrived before it broke off counts. */
async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size > mostErrorBytes) break
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, mostErrorBytes).toString('utf8')
}

/** A text without the key, which some servers repeat. */
export function withoutKey(text: string, key: string | null): string {
  return key === null || key === '' ? text : text.replaceAll(key, '…')
}

/** In milliseconds, of a header in seconds. Null for a date, which few servers send. */
function retryAfter(header: string | readonly string[] | undefined): number | null {
  const seconds = Number(header)
  return header === undefined || !Number.isFinite(seconds) ? null : Math.max(0, seconds) * 1_000
}

export function jsonIn(text: string): Json | undefined {
  try {
    return parsePythonJson(text)
  } catch {
    return undefined
  }
}
