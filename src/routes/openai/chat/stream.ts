import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { outputLength, type Prediction } from '../../../domain/prediction/prediction.ts'
import {
  eventsSince,
  type StreamPosition,
  streamStart,
} from '../../../domain/prediction/stream-position.ts'
import type { ApiDeps } from '../../api/api-deps.ts'
import { unauthenticated } from '../../api/problem.ts'
import type { ApiContext } from '../../api/route.ts'
import { type ApiError, errorBody, sendError } from '../errors.ts'
import { type HeldRun, isOver } from '../held-run.ts'
import { outputPieces } from '../output-pieces.ts'
import { completionChunk, finishOf, type Outcome, outcomeOf, usageChunk } from './completion.ts'

/** A stream is quiet for no longer than this. A run that fails before is answered with a status. */
const quietMs = 10_000

/** A comment, which clients skip. */
const keepAlive = ': keep-alive\n\n'

interface Streaming {
  readonly held: HeldRun
  readonly includeUsage: boolean
}

/** Sends an answer as it is made, as server-sent events. */
export async function streamAnswer(
  c: ApiContext,
  deps: ApiDeps,
  held: HeldRun,
  { includeUsage }: Pick<Streaming, 'includeUsage'>,
): Promise<Response> {
  const first = await held.until(hasBegun, quietMs)
  const outcome = outcomeOf(first)
  if (isOver(first) && !outcome.ok) {
    held.end()
    return sendError(c, outcome.error)
  }
  // Turns off the buffering of proxies, which would delay events.
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, async (stream) => {
    stream.onAbort(held.abandon)
    const send = sender(stream)
    await sendAnswer(c, deps, { held, includeUsage }, send)
      .catch((error) => {
        deps.log.error({ error, prediction: held.id }, 'A stream broke off')
        return send.error({ status: 500, detail: 'Something went wrong on the server.' })
      })
      .finally(held.end)
  })
}

function hasBegun(prediction: Prediction | null): boolean {
  return isOver(prediction) || (prediction !== null && outputLength(prediction) > 0)
}

type Sender = ReturnType<typeof sender>

function sender(stream: SSEStreamingApi) {
  const data = async (json: Json) => void (await stream.write(`data: ${formatJson(json)}\n\n`))
  return {
    data,
    error: (error: ApiError) => data(errorBody(error)),
    comment: () => stream.write(keepAlive),
    done: () => stream.write('data: [DONE]\n\n'),
  }
}

/** How much of an answer was sent. */
interface Sent {
  readonly position: StreamPosition
  /** UTF-16 units. */
  readonly units: number
}

async function sendAnswer(
  c: ApiContext,
  deps: ApiDeps,
  { held, includeUsage }: Streaming,
  send: Sender,
): Promise<void> {
  const isStillIn = askedAgain(c)
  let sent: Sent = { position: streamStart, units: 0 }
  let isFirst = true
  while (!held.gone.aborted) {
    if (!(await isStillIn())) return send.error(unauthenticated)
    const seen = await deps.runner.find(held.id)
    if (seen && isFirst) await send.data(completionChunk(seen, { role: 'assistant', content: '' }))
    isFirst = false
    if (seen && sent.units > 0 && seen.attempt !== sent.position.attempt)
      return send.error(startedAgain)
    if (seen) sent = await sendMore(deps, seen, sent, send)
    if (isOver(seen)) return sendEnd(outcomeOf(seen), includeUsage, send)
    const isOther = (now: Prediction | null) => now?.revision !== seen?.revision
    const now = await held.until(isOther, quietMs)
    if (!isOther(now) && !held.gone.aborted) await send.comment()
  }
}

/** How often it is asked again whether the token is still valid, in milliseconds. */
const askedMs = 5_000

/** Whether the sender is still let in, as it was when last asked. */
function askedAgain(c: ApiContext): () => Promise<boolean> {
  let at = performance.now()
  return async () => {
    if (performance.now() - at < askedMs) return true
    at = performance.now()
    return c.get('isStillIn')()
  }
}

/** Its beginning cannot be taken back. */
const startedAgain: ApiError = {
  status: 500,
  detail: 'The run was interrupted, and starts again: its prediction has the answer.',
  code: 'interrupted',
}

async function sendMore(
  deps: ApiDeps,
  prediction: Prediction,
  { position, units }: Sent,
  send: Sender,
): Promise<Sent> {
  // Of a large output only a part is in memory: the rest is read once all of it is written.
  if (prediction.excerpt && isOver(prediction)) {
    await sendRest(deps, prediction, units, send)
    return { position, units }
  }
  const events = eventsSince(prediction, position, () => '')
  const text = events.flatMap(({ event, data }) => (event === 'output' ? data : [])).join('')
  if (text !== '') await send.data(completionChunk(prediction, { content: text }))
  return { position: events.at(-1)?.position ?? position, units: units + text.length }
}

/** Sends what comes after so many UTF-16 units. */
async function sendRest(
  deps: ApiDeps,
  prediction: Prediction,
  units: number,
  send: Sender,
): Promise<void> {
  let sent = units
  for await (const piece of outputPieces(prediction, deps)) {
    const text = piece.slice(sent)
    sent = Math.max(0, sent - piece.length)
    if (text !== '') await send.data(completionChunk(prediction, { content: text }))
  }
}

async function sendEnd(outcome: Outcome, includeUsage: boolean, send: Sender): Promise<void> {
  if (!outcome.ok) return send.error(outcome.error)
  const { prediction } = outcome
  await send.data(completionChunk(prediction, {}, finishOf(prediction)))
  const usage = includeUsage ? usageChunk(prediction) : null
  if (usage) await send.data(usage)
  await send.done()
}
