import type { SSEStreamingApi } from 'hono/streaming'
import type { Deps } from '../../../deps.ts'
import type { StoredFile } from '../../../domain/file/file.ts'
import { type StreamEnd, streamEnd } from '../../../domain/prediction/api-status.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import {
  eventsSince,
  formatPosition,
  type StreamPosition,
} from '../../../domain/prediction/stream-position.ts'

/** A line that means nothing, so that nobody on the way takes a quiet stream for a dead one. */
const heartbeat = ': still here\n\n'
const heartbeatMs = 15_000

const gone: StreamEnd = { error: 'The prediction was deleted.', done: { reason: 'error' } }

export interface Following {
  /** Of the prediction. */
  readonly id: string
  /** What was made before is not sent again. */
  readonly from: StreamPosition
  /** Where a file can be had. */
  readonly address: (file: StoredFile) => string
  readonly stream: SSEStreamingApi
  /** Aborts when the client leaves. */
  readonly left: AbortSignal
}

/** Sends what a prediction has made and makes, until it ends or the client leaves. */
export async function follow({ runner }: Deps, following: Following): Promise<void> {
  const { id, stream, left } = following
  let position = following.from
  while (!left.aborted) {
    const seen = await runner.find(id)
    if (seen) position = await sendSince(seen, position, following)
    const end = seen ? streamEnd(seen) : gone
    if (end) return sendEnd(end, position, stream)
    const isOther = (now: Prediction | null) => now?.revision !== seen?.revision
    const now = await runner.until(id, isOther, heartbeatMs, left)
    if (!isOther(now) && !left.aborted) await stream.write(heartbeat)
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
  // An event without data is not heard of.
  await stream.writeSSE({ event: 'done', data: JSON.stringify(done), id })
}
