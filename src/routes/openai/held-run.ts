import type { JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { longestTimerMs } from '../../domain/timer.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import { startRunShowingLeft } from '../api/predictions/start-run.ts'
import type { Problem } from '../api/problem.ts'
import type { ApiContext } from '../api/route.ts'
import { runRetrySeconds } from '../refusals.ts'
import { clientAddress } from '../request/connection.ts'
import { originOf } from '../request/page.tsx'

/** A run for which a request waits. When its client disconnects, it is canceled. */
export interface HeldRun {
  readonly id: string
  /** Aborted when the client has disconnected. */
  readonly gone: AbortSignal
  /** `runner.until`, which also resolves when the client has disconnected. */
  until(holds: (prediction: Prediction | null) => boolean, ms?: number): Promise<Prediction | null>
  /** The client has disconnected. */
  abandon(): void
  /** To be called once it is answered: the client may disconnect. */
  end(): void
}

type HeldStart =
  | { readonly ok: true; readonly held: HeldRun }
  | { readonly ok: false; readonly problem: Problem }

/** Starts a run for a request that waits for it; the headers of its answer name the prediction. */
export async function startHeldRun(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  input: JsonObject,
): Promise<HeldStart> {
  const leave = deps.waits.take(clientAddress(c, deps))
  if (!leave) return { ok: false, problem: tooMany }
  const run = await startRunShowingLeft(c, deps, model, input).catch((error) => {
    leave()
    throw error
  })
  if (!run.ok) {
    leave()
    return run
  }
  const { id } = run.prediction
  c.header('X-Request-Id', id)
  c.header('Location', originOf(c, deps) + deps.paths.prediction(id))
  return { ok: true, held: hold(c.req.raw.signal, deps, id, leave) }
}

const tooMany: Problem = {
  title: 'Too many requests are open',
  detail: 'Too many requests wait for an answer. Try again in a moment.',
  status: 503,
  retry_after: runRetrySeconds,
}

function hold(
  client: AbortSignal,
  { runner, draining, log }: ApiDeps,
  id: string,
  leave: () => void,
): HeldRun {
  const gone = new AbortController()
  function abandon(): void {
    if (gone.signal.aborted) return
    gone.abort()
    // A server that stops closes its connections, while another goes on with the run.
    if (draining?.aborted) return
    runner.cancel(id).catch((error) => log.error({ error }, 'A cancel failed'))
  }
  client.addEventListener('abort', abandon)
  if (client.aborted) abandon()
  return {
    id,
    gone: gone.signal,
    until: (holds, ms = longestTimerMs) => runner.until(id, holds, ms, gone.signal),
    abandon,
    end() {
      client.removeEventListener('abort', abandon)
      leave()
    },
  }
}

/** Whether a prediction is settled or gone. */
export function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}
