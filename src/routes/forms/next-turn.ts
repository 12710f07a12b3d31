import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { changedForm, noChange } from '../../domain/form/change-form.ts'
import { fillForm } from '../../domain/form/form.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import { isId } from '../../domain/id.ts'
import { formatJson } from '../../domain/json/json.ts'
import { continuedInput, questionFields } from '../../domain/model/chat/conversation.ts'
import type { Model } from '../../domain/model/model.ts'
import { sameModel } from '../../domain/model-ref.ts'
import { textOf } from '../../domain/prediction/output.ts'
import { hasSucceeded, type Prediction } from '../../domain/prediction/prediction.ts'
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
  const isWhole = hasSucceeded(before) && before.dataRemovedAt === null && !before.excerpt
  if (!isWhole || !sameModel(before.model, ref)) return null
  return textOf(before, version.schema.output)
}
