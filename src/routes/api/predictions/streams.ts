import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { hasPeople } from '../../../config.ts'
import type { StoredFile } from '../../../domain/file/file.ts'
import { isId } from '../../../domain/id.ts'
import { type StreamEnd, streamEnd } from '../../../domain/prediction/api-status.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import {
  eventsSince,
  formatPosition,
  parsePosition,
  type StreamPosition,
} from '../../../domain/prediction/stream-position.ts'
import { createConnectionLimit } from '../../panels/connection-limit.ts'
import { clientAddress } from '../../request/connection.ts'
import { equalBytes } from '../../request/constant-time.ts'
import { originOf } from '../../request/page.tsx'
import { untilDrained } from '../../request/until-drained.ts'
import type { ApiDeps } from '../api-deps.ts'
import { notFound, sendProblem } from '../problem.ts'
import { streamProof } from '../proof.ts'
import type { Api, ApiContext } from '../route.ts'
import { contentAddress } from './prediction-answer.ts'

/** The most streams that are open at the same time. */
const mostStreams = { inAll: 5_000, perAddress: 500 }

const tooMany = {
  title: 'Too many streams',
  detail: 'Too many streams are open. Close some, or poll the prediction instead.',
  status: 503,
  retry_after: 5,
} as const

/** The server-sent events of predictions. Their URLs need no token: clients send none. */
export function streamRoutes(api: Api, deps: ApiDeps): void {
  const connections = createConnectionLimit(mostStreams)

  async function answer(c: ApiContext, token: string): Promise<Response> {
    const prediction = await predictionOf(deps, token)
    if (!prediction) return sendProblem(c, notFound('There is no stream with this id.'))
    // The body of a HEAD response is never read, so its stream would stay open.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
    const leave = connections.take(clientAddress(c, deps))
    return leave ? sendEvents(c, deps, token, leave) : sendProblem(c, tooMany)
  }

  api.get('/v1/streams/:token', (c) => answer(c, c.req.param('token')))
  api.get('/v1/files/:file_id/stream', (c) => answer(c, c.req.param('file_id')))
}

/** How long a stream can be read after its prediction has settled. */
const afterMs = 60 * 60 * 1_000

/**
 * The prediction that an address is for; null when it is gone, was narrowed since the address was given
 * out, was made by somebody who is shut out, or ended too long ago.
 */
async function predictionOf(deps: ApiDeps, token: string): Promise<Prediction | null> {
  const { id, proof } = partsOf(token)
  const found = isId(id) ? await deps.runner.find(id) : null
  if (!found || !equalBytes(Buffer.from(proof), Buffer.from(streamProof(deps, found)))) return null
  const { completedAt } = found
  if (completedAt !== null && deps.now() >= completedAt + afterMs) return null
  return (await isShutOut(deps, found)) ? null : found
}

function partsOf(token: string) {
  const [, id = '', proof = ''] = /^([^-]+)-(.*)$/.exec(token) ?? []
  return { id, proof }
}

async function isShutOut({ config, store }: ApiDeps, { createdBy }: Prediction): Promise<boolean> {
  const maker = hasPeople(config) ? await store.findPerson(createdBy) : null
  return maker !== null && maker.disabledAt !== null
}

function sendEvents(c: ApiContext, deps: ApiDeps, token: string, leave: () => void): Response {
  const origin = originOf(c, deps)
  const from = parsePosition(c.req.header('Last-Event-ID'))
  const left = new AbortController()
  // Turns off the buffering of proxies, which would delay events.
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => left.abort())
      const address = (file: Parameters<typeof contentAddress>[2]) =>
        contentAddress(deps, origin, file)
      await follow(deps, {
        token,
        from,
        address,
        stream,
        left: untilDrained(deps, left.signal),
      }).finally(leave)
    },
    async (error) => deps.log.error({ error, prediction: partsOf(token).id }, 'A stream broke off'),
  )
}

/** A comment that keeps proxies from closing a quiet stream. */
const heartbeat = ': still here\n\n'
const heartbeatMs = 15_000
/** How often it is asked again whether the address still opens the stream. */
const askedMs = 5_000

const gone: StreamEnd = {
  error: 'The prediction was deleted, or is no longer shown at this address.',
  done: { reason: 'error' },
}

interface Following {
  readonly token: string
  /** Events before this are not sent. */
  readonly from: StreamPosition
  /** The URL of a file. */
  readonly address: (file: StoredFile) => string
  readonly stream: SSEStreamingApi
  /** Aborted when the client disconnects. */
  readonly left: AbortSignal
}

/** Sends the events of a prediction until it has ended, its address has, or the client disconnects. */
async function follow(deps: ApiDeps, following: Following): Promise<void> {
  const { token, stream, left } = following
  const { id } = partsOf(token)
  let position = following.from
  let quietMs = 0
  while (!left.aborted) {
    const seen = await predictionOf(deps, token)
    if (seen) position = await sendSince(seen, position, following)
    const end = seen ? streamEnd(seen) : gone
    if (end) return sendEnd(end, position, stream)
    const isOther = (now: Prediction | null) => now?.revision !== seen?.revision
    const now = await deps.runner.until(id, isOther, askedMs, left)
    quietMs = isOther(now) ? 0 : quietMs + askedMs
    if (quietMs < heartbeatMs || left.aborted) continue
    quietMs = 0
    await stream.write(heartbeat)
  }
}

async function sendSince(
  prediction: Prediction,
  from: StreamPosition,
  { stream, address, left }: Following,
): Promise<StreamPosition> {
  let reached = from
  for (const { event, data, position } of eventsSince(prediction, from, address)) {
    if (left.aborted) break
    await stream.writeSSE({ event, data, id: formatPosition(position) })
    reached = position
  }
  return reached
}

async function sendEnd({ error, done }: StreamEnd, at: StreamPosition, stream: SSEStreamingApi) {
  const id = formatPosition(at)
  if (error !== null)
    await stream.writeSSE({ event: 'error', data: JSON.stringify({ detail: error }), id })
  // Browsers drop events without data.
  await stream.writeSSE({ event: 'done', data: JSON.stringify(done), id })
}
