import { formatJson } from '../../../domain/json/json.ts'
import { textInputs } from '../../../domain/model/text-model.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import type { ApiDeps } from '../../api/api-deps.ts'
import { readJsonBody } from '../../api/body.ts'
import { unauthenticated } from '../../api/problem.ts'
import { type ApiContext, jsonHeaders } from '../../api/route.ts'
import { encoded } from '../../files/large-output.ts'
import { sendError } from '../errors.ts'
import { type HeldRun, isOver, startHeldRun } from '../held-run.ts'
import { findModel, noModel, otherKind } from '../models.ts'
import { outputPieces } from '../output-pieces.ts'
import { completionWithout, outcomeOf } from './completion.ts'
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
  if (!model) return sendError(c, noModel(request.model))
  const { schema } = model.version
  const inputs = textInputs(schema)
  if (!inputs && model.undescribed === null) return sendError(c, otherKind(model))
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
  return c.body(encoded(writtenCompletion(deps, outcome.prediction)), 200, jsonHeaders)
}

const noContent = '"content":""'

/** The JSON of a whole answer. It may be of many megabytes, so its text is written piece by piece. */
async function* writtenCompletion(deps: ApiDeps, prediction: Prediction): AsyncGenerator<string> {
  const [before, after] = formatJson(completionWithout(prediction)).split(noContent)
  yield `${before}"content":"`
  for await (const piece of outputPieces(prediction, deps)) yield JSON.stringify(piece).slice(1, -1)
  yield `"${after}`
}
