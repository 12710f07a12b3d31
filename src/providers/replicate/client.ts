import { formatJson, type Json } from '../../domain/json/json.ts'
import { jsonOf } from '../parse-response.ts'
import type { LargeOutputFile, ResponseReader } from '../response-reader.ts'
import { readUpstreamPrediction, type UpstreamPrediction } from './responses.ts'
import { createTransport, type RequestOptions, type TransportOptions } from './transport.ts'
import { UpstreamError } from './upstream-error.ts'

export type ReplicateClient = ReturnType<typeof createReplicateClient>

/** A prediction of the service. `large` is its output when that is too large to be in `output`. */
export interface PolledPrediction extends UpstreamPrediction {
  readonly large: LargeOutputFile | null
}

/**
 * A client for the API. It sends each request once, and throws `UpstreamError`.
 */
export function createReplicateClient(options: TransportOptions) {
  const { url } = options
  const { service, fetchBytes, open, close } = createTransport(options)

  function garbled(head: string): UpstreamError {
    return new UpstreamError(`The response of ${service} cannot be read.`, {
      kind: 'garbled',
      raw: head,
    })
  }

  function parsed(bytes: Buffer<ArrayBuffer>): Json {
    const json = jsonOf(bytes)
    if (json === undefined) throw garbled(bytes.toString('utf8', 0, 1_000))
    return json
  }

  return {
    service,
    origin: url.origin,
    get: async (path: string, sent: RequestOptions = {}): Promise<Json> =>
      parsed(await fetchBytes(path, { ...sent, method: 'GET' })),
    getText: async (path: string, sent: RequestOptions = {}): Promise<string> =>
      (await fetchBytes(path, { ...sent, method: 'GET' })).toString(),
    /** Fetches a prediction, with an output of any size. */
    async getPrediction(
      id: string,
      responses: ResponseReader,
      sent: RequestOptions = {},
    ): Promise<PolledPrediction> {
      const bytes = await fetchBytes(`predictions/${id}`, { ...sent, method: 'GET' })
      const head = bytes.toString('utf8', 0, 1_000)
      const { json, large } = await responses.read(bytes)
      if (json === undefined) throw garbled(head)
      return { ...readUpstreamPrediction(json), large }
    },
    async post(path: string, body: Json, { headers, ...sent }: RequestOptions = {}): Promise<Json> {
      const typed = { 'Content-Type': 'application/json', ...headers }
      const request = { ...sent, method: 'POST', headers: typed, body: formatJson(body) } as const
      return parsed(await fetchBytes(path, request))
    },
    /** Uploads a file. */
    async upload(
      path: string,
      content: Blob,
      name: string,
      sent: RequestOptions = {},
    ): Promise<Json> {
      const { FormData } = await import('undici')
      const body = new FormData()
      body.append('content', content, name)
      body.append('filename', name)
      body.append('type', content.type || 'application/octet-stream')
      return parsed(await fetchBytes(path, { ...sent, method: 'POST', body }))
    },
    /** Opens an address of the service itself; resolves when the response begins. */
    open,
    /** Whether an address is one of the service itself. */
    isOwn: (address: string) => URL.parse(address)?.origin === url.origin,
    close,
  }
}
