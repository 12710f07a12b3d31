import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { changedForm, noChange } from '../../domain/form/change-form.ts'
import { fillForm } from '../../domain/form/form.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import { isId } from '../../domain/id.ts'
import { formatJson, type JsonObject } from '../../domain/json/json.ts'
import { hasAnswer } from '../../domain/model/chat/answer.ts'
import {
  continuedInput,
  countBefore,
  questionFields,
  sameConversation,
} from '../../domain/model/chat/conversation.ts'
import type { Model } from '../../domain/model/model.ts'
import { sameModel } from '../../domain/model-ref.ts'
import { textOf } from '../../domain/prediction/output.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import type { FormState } from './prediction-form.tsx'
import type { SubmittedForm } from './submission.ts'

/** The prediction that the form of a next turn goes on from; null for other forms. */
export async function continuedBy(
  c: Context,
  deps: Deps,
  { continues }: SubmittedForm,
): Promise<Prediction | null> {
  const before = isId(continues) ? await deps.runner.find(continues) : null
  return before && mayWith(deps, viewerOf(c, deps), 'see', before) ? before : null
}

/**
 * Id of the prediction whose answer an input goes on from, when its form was changed beside a turn of a
 * conversation, but not what was said before; null for other inputs.
 */
export async function changedTurnOf(
  c: Context,
  deps: Deps,
  { version: { schema } }: Model,
  { beside }: SubmittedForm,
  input: JsonObject,
): Promise<string | null> {
  if (!isId(beside) || countBefore(schema, input) === 0) return null
  const shown = await deps.runner.find(beside)
  if (!shown?.continues || !mayWith(deps, viewerOf(c, deps), 'see', shown)) return null
  return sameConversation(schema, shown.input, input) ? shown.continues : null
}

/**
 * The form of the next turn with all inputs: those of the run before, its conversation with the answer, and the
 * question that was sent. The form to show instead, when there is no answer to go on from.
 */
export function nextTurn(
  model: Model,
  submitted: SubmittedForm,
  before: Prediction | null,
): SubmittedForm | FormState {
  const { schema } = model.version
  const asked = questionFields(schema)
  const answer = before && answerOf(before, model)
  const input = before && asked && answer ? continuedInput(schema, before.input, answer) : null
  const kept = [...submitted.kept, ...(before?.files ?? [])]
  if (!asked || !input)
    return { ...noAnswer, form: changedForm(schema, submitted.inputs, kept, noChange) }
  const read = readAsForm(schema, formatJson(input), kept)
  if (!read.ok) return { ...noAnswer, form: fillForm(schema, input, kept) }
  const inputs = new Map(read.submission)
  for (const { name } of [asked.prompt, ...(asked.image ? [asked.image] : [])])
    inputs.set(name, submitted.inputs.get(name) ?? [])
  return { ...submitted, inputs, kept }
}

const noAnswer = {
  status: 409,
  problem: 'There is no answer to go on from',
  advice: 'It was deleted, is not complete, or is too long. Fill in the form to begin anew.',
} as const

/** The answer of a run of this model; null when there is none, or when it is kept as a file. */
function answerOf(before: Prediction, { ref, version }: Model): string | null {
  if (!hasAnswer(before) || !sameModel(before.model, ref)) return null
  return textOf(before, version.schema.output)
}
