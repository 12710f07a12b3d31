import { finishReason } from '../../prediction/answer-end.ts'
import { textOf } from '../../prediction/output.ts'
import { hasSucceeded, type Prediction } from '../../prediction/prediction.ts'
import { formatCount, positive, tokenFigures } from '../../prediction/token-figures.ts'
import type { ModelSchema } from '../../schema/schema.ts'
import { takesConversation, textInputs } from '../text-model.ts'

/** Whether a run has ended well without a text, of a model that makes text. */
export function lacksAnswer(prediction: Prediction, schema: ModelSchema): boolean {
  if (!hasSucceeded(prediction) || prediction.dataRemovedAt !== null || prediction.excerpt)
    return false
  if (!takesConversation(schema) && finishReason(prediction.metrics) === null) return false
  return prediction.output === null || textOf(prediction, schema.output)?.trim() === ''
}

/**
 * Says of an answer that there is none, or that it ended at a limit; null for one that its model ended.
 */
export function endSentence(prediction: Prediction, schema: ModelSchema): string | null {
  const isEmpty = lacksAnswer(prediction, schema)
  const isCut = hasSucceeded(prediction) && finishReason(prediction.metrics) === 'length'
  const { reasoning } = tokenFigures(prediction.metrics)
  const limit = isCut ? limitOf(prediction, schema) : null
  if (!isEmpty) return limit && `Stopped at ${limit}.`
  if (limit) return `No answer: its ${reasoning ? 'reasoning' : 'text'} stopped at ${limit}.`
  return reasoning ? 'No answer: the model only reasoned.' : 'The model ended without an answer.'
}

/** The limit at which an answer ended: what was asked for, else what the context takes. */
function limitOf({ input, metrics }: Prediction, schema: ModelSchema): string {
  const name = textInputs(schema)?.maxTokens ?? null
  const asked = positive(name === null ? undefined : input[name])
  const made = positive(metrics.output_token_count)
  if (name !== null && asked !== null && (made === null || made >= asked))
    return `the limit of ${tokens(asked)} in ${name}`
  const { context } = tokenFigures(metrics)
  if (context && context.used >= context.most - 1)
    return `the end of its context of ${tokens(context.most)}`
  return made === null ? 'the limit of its server' : `the limit of ${tokens(made)}`
}

function tokens(count: number): string {
  return count === 1 ? '1 token' : `${formatCount(count)} tokens`
}
