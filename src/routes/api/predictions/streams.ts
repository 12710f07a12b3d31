import { streamSSE } from 'hono/streaming'
import type { Deps } from '../../../deps.ts'
import { isId } from '../../../domain/id.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { parsePosition } from '../../../domain/prediction/stream-position.ts'
import { createConnectionLimit } from '../../panels/connection-limit.ts'
import { clientAddress } from '../../request/connection.ts'
import { originOf } from '../../request/page.tsx'
import { notFound, sendProblem } from '../problem.ts'
import { isProof } from '../proof.ts'
import type { Api, ApiContext } from '../route.ts'
import { follow } from './event-stream.ts'
import { contentAddress } from './prediction-answer.ts'

/** Most streams open at once. */
const mostStreams = { inAll: 5_000, perAddress: 500 }

const tooMany = {
  title: 'Too many streams',
  detail: 'Too many streams are open. Close some, or poll the prediction instead.',
  status: 503,
  retry_after: 5,
} as const

/** The events of predictions. Who has the address needs no token: clients send none. */
export function streamRoutes(api: Api, deps: Deps): void {
  const connections = createConnectionLimit(mostStreams)

  async function answer(c: ApiContext, token: string): Promise<Response> {
    const prediction = await predictionOf(deps, token)
    if (!prediction) return sendProblem(c, notFound('There is no stream with this id.'))
    // Nothing of a stream is read then: it would keep its place for good.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
    const leave = connections.take(clientAddress(c, deps))
    return leave ? sendEvents(c, deps, prediction.id, leave) : sendProblem(c, tooMany)
  }

  api.get('/v1/streams/:token', (c) => answer(c, c.req.param('token')))
  api.get('/v1/files/:file_id/stream', (c) => answer(c, c.req.param('file_id')))
}

async function predictionOf({ key, runner }: Deps, token: string): Promise<Prediction | null> {
  const [, id = '', proof = ''] = /^([^-]+)-(.*)$/.exec(token) ?? []
  return isId(id) && isProof(key, 'stream', id, proof) ? runner.find(id) : null
}

function sendEvents(c: ApiContext, deps: Deps, id: string, leave: () => void): Response {
  const origin = originOf(c, deps)
  const from = parsePosition(c.req.header('Last-Event-ID'))
  const left = new AbortController()
  // A proxy that gathers what passes would hold events back.
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => left.abort())
      const address = (file: Parameters<typeof contentAddress>[2]) =>
        contentAddress(deps, origin, file)
      await follow(deps, { id, from, address, stream, left: left.signal }).finally(leave)
    },
    async (error) => deps.log.error({ error, prediction: id }, 'A stream broke off'),
  )
}
