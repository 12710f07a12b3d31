import type { CallToolResult } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { isSettled, isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import { startRun } from '../api/predictions/start-run.ts'
import { rateProblem, takeRate } from '../api/rate.ts'
import { clientAddress } from '../request/connection.ts'
import { type Call, errorResult, problemResult } from './call.ts'
import { predictionResult } from './result.ts'

/** Notes on progress are at least so far apart, and at most. */
const noteMs = { least: 500, most: 5_000 }

/** Runs a model, and answers with its output, or with how to ask for it when it takes longer. */
export async function runModel(
  call: Call,
  model: Model,
  input: JsonObject,
): Promise<CallToolResult> {
  const { c, deps } = call
  const throttled = rateProblem(await takeRate(c, deps, 'creations'))
  if (throttled) return problemResult(throttled)
  const run = await startRun(c, deps, model, input)
  if (!run.ok) return problemResult(run.problem)
  const { id } = run.prediction
  const cancel = () =>
    deps.runner.cancel(id).catch((error) => deps.log.error({ error }, 'A cancel failed'))
  const abandon = () => void (deps.draining?.aborted || cancel())
  call.gone.addEventListener('abort', abandon)
  if (call.gone.aborted) abandon()
  const result = await waitFor(call, id, call.waitMs)
  call.gone.removeEventListener('abort', abandon)
  return result
}

/** Waits until a prediction has ended, and no longer than `ms`; answers with what there is then. */
export async function waitFor(call: Call, id: string, ms: number): Promise<CallToolResult> {
  const { c, deps } = call
  const leave = deps.waits.take(clientAddress(c, deps))
  if (leave) await follow(call, id, ms).finally(leave)
  if (!(await c.get('isStillIn')())) return errorResult('This token is no longer valid.')
  const prediction = await deps.runner.find(id)
  return prediction ? predictionResult(call, prediction) : errorResult('It was deleted.')
}

async function follow({ deps, gone, tell }: Call, id: string, ms: number): Promise<void> {
  const { runner } = deps
  const end = performance.now() + ms
  const left = () => Math.max(0, end - performance.now())
  if (!tell) return void (await runner.until(id, isOver, left(), gone))
  let noted = 0
  while (left() > 0 && !gone.aborted) {
    const seen = await runner.until(id, isOver, Math.min(noteMs.least, left()), gone)
    if (!seen || isOver(seen)) return
    const { fraction } = seen.progress ?? {}
    noted = Math.max(noted + 0.001, (fraction ?? 0) * 100)
    await tell(noted, await messageOf(deps, seen), fraction === undefined ? undefined : 100)
    const isOther = (now: Prediction | null) => now?.revision !== seen.revision
    await runner.until(id, isOther, Math.min(noteMs.most, left()), gone)
  }
}

async function messageOf({ runner }: Call['deps'], prediction: Prediction): Promise<string> {
  if (prediction.progress?.label) return prediction.progress.label
  if (!isWaiting(prediction)) return 'Running'
  const { before = 0 } = (await runner.place(prediction)) ?? {}
  return before > 0 ? `Waiting: ${before} before it` : 'Starting'
}

function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}
