import { streamSSE } from 'hono/streaming'
import type { Deps } from '../../deps.ts'
import { streamEnd } from '../../domain/api-status.ts'
import { isId } from '../../domain/id.ts'
import type { Prediction } from '../../domain/prediction.ts'
import {
  eventsSince,
  formatPosition,
  parsePosition,
  type StreamPosition,
} from '../../domain/stream-position.ts'
import { originOf } from '../page.tsx'
import { createPlaces } from '../places.ts'
import { clientAddress } from '../viewer.ts'
import { contentAddress } from './prediction-answer.ts'
import { notFound, sendProblem } from './problem.ts'
import { isProof } from './proof.ts'
import type { Api, ApiContext } from './route.ts'

/** Most streams open at once. */
const mostStreams = { inAll: 5_000, perAddress: 500 }

/** A line that means nothing, so that nobody on the way takes a quiet stream for a dead one. */
const heartbeat = ': still here\n\n'
const heartbeatMs = 15_000

const retrySeconds = 5

/** The events of predictions. Who has the address needs no token: clients send none. */
export function streamRoutes(api: Api, deps: Deps): void {
  const places = createPlaces(mostStreams)
  const answer = async (c: ApiContext, token: string) => {
    const prediction = await predictionOf(deps, token)
    if (!prediction) return sendProblem(c, notFound('There is no such stream.'))
    const leave = places.take(clientAddress(c, deps))
    if (!leave) return sendProblem(c, tooMany)
    c.header('X-Accel-Buffering', 'no')
    return sendEvents(c, deps, prediction.id, leave)
  }
  api.get('/v1/streams/:token', (c) => answer(c, c.req.param('token')))
  api.get('/v1/files/:file_id/stream', (c) => answer(c, c.req.param('file_id')))
}

const tooMany = {
  title: 'Too many streams',
  detail: 'Too many streams are open. Close some, or ask for the prediction itself.',
  status: 503,
  retry_after: retrySeconds,
} as const

async function predictionOf({ key, runner }: Deps, token: string): Promise<Prediction | null> {
  const [, id = '', proof = ''] = /^([^-]+)-(.*)$/.exec(token) ?? []
  return isId(id) && isProof(key, 'stream', id, proof) ? runner.find(id) : null
}

/** Sends what was made and what is made, until the run ends or the client leaves. */
function sendEvents(c: ApiContext, deps: Deps, id: string, leave: () => void): Response {
  const { runner, log } = deps
  const origin = originOf(c, deps)
  const left = new AbortController()
  let position = parsePosition(c.req.header('Last-Event-ID'))
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => left.abort())
      try {
        while (!left.signal.aborted) {
          const prediction = await runner.find(id)
          position = await sendNew(prediction, position)
          const end = prediction ? streamEnd(prediction) : gone
          if (end) return await sendEnd(end)
          const changed = await changedSince(prediction)
          if (!changed && !left.signal.aborted) await stream.write(heartbeat)
        }
      } finally {
        leave()
      }

      async function sendNew(prediction: Prediction | null, from: StreamPosition) {
        let reached = from
        const address = (file: Parameters<typeof contentAddress>[2]) =>
          contentAddress(deps, origin, file)
        for (const event of prediction ? eventsSince(prediction, from, address) : []) {
          reached = event.position
          const { event: name, data } = event
          await stream.writeSSE({ event: name, data, id: formatPosition(reached) })
          if (left.signal.aborted) break
        }
        return reached
      }

      async function sendEnd({ error, done }: NonNullable<ReturnType<typeof streamEnd>>) {
        const at = formatPosition(position)
        if (error !== null)
          await stream.writeSSE({ event: 'error', data: JSON.stringify({ detail: error }), id: at })
        await stream.writeSSE({ event: 'done', data: JSON.stringify(done), id: at })
      }
    },
    async (error) => log.error({ error, prediction: id }, 'A stream broke off'),
  )

  /** Resolves when the prediction is another than this, or it is time for a sign of life. */
  async function changedSince(seen: Prediction | null): Promise<boolean> {
    const isOther = (now: Prediction | null) => now?.revision !== seen?.revision
    return isOther(await runner.until(id, isOther, heartbeatMs, left.signal))
  }
}

const gone = { error: 'The prediction was deleted.', done: { reason: 'error' } } as const
