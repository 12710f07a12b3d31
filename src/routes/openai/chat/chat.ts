import { textInputs } from '../../../domain/model/text-model.ts'
import type { ApiDeps } from '../../api/api-deps.ts'
import { readJsonBody } from '../../api/body.ts'
import { unauthenticated } from '../../api/problem.ts'
import { type ApiContext, sendJson } from '../../api/route.ts'
import { sendError } from '../errors.ts'
import { type HeldRun, isOver, startHeldRun } from '../held-run.ts'
import { findModel, noModel } from '../models.ts'
import { textOfOutput } from '../text-of-output.ts'
import { completion, outcomeOf } from './completion.ts'
import { chatInput } from './input.ts'
import { readChatRequest } from './request.ts'
import { streamAnswer } from './stream.ts'

/** Answers the next turn of a conversation, as a prediction of its own. */
export async function completeChat(c: ApiContext, deps: ApiDeps): Promise<Response> {
  const body = await readJsonBody(c)
  if (!body.ok) return sendError(c, body.problem)
  const read = readChatRequest(body.json)
  if (!read.ok) return sendError(c, read.error)
  const { value: request } = read
  const model = await findModel(c, deps, request.model)
  const { schema = null } = model?.version ?? {}
  const inputs = schema && textInputs(schema)
  if (!model || !schema || (!inputs && model.undescribed === null))
    return sendError(c, noModel(request.model))
  const input = inputs ? chatInput(schema, inputs, request) : { ok: true as const, value: {} }
  if (!input.ok) return sendError(c, input.error)
  const run = await startHeldRun(c, deps, model, input.value)
  if (!run.ok) return sendError(c, run.problem)
  if (request.stream) return streamAnswer(c, deps, run.held, request)
  return answerWhole(c, deps, run.held)
}

async function answerWhole(c: ApiContext, deps: ApiDeps, held: HeldRun): Promise<Response> {
  const prediction = await held.until(isOver)
  held.end()
  if (!(await c.get('isStillIn')())) return sendError(c, unauthenticated)
  const outcome = outcomeOf(prediction)
  if (!outcome.ok) return sendError(c, outcome.error)
  const text = await textOfOutput(outcome.prediction, deps)
  return sendJson(c, completion(outcome.prediction, text))
}
