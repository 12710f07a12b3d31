import { acceptOf } from '../../src/domain/form/fields/file.ts'
import { hasAnswer } from '../../src/domain/model/chat/answer.ts'
import { type QuestionFields, questionFields } from '../../src/domain/model/chat/conversation.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { contextShare, tokenFigures } from '../../src/domain/prediction/token-figures.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { usePaths } from '../site.ts'

export interface NextTurnProps {
  readonly prediction: Prediction
  readonly schema: ModelSchema
  /** Whether the viewer may run the version of its model. */
  readonly mayRun: boolean
  /** Tells one press on Continue from the next. */
  readonly formKey: string
}

export const turnPromptId = 'turn-prompt'

/**
 * Asks the next question of a conversation, below its last answer. It is a run of its own: with the
 * settings of this one, and the conversation so far. It can be written while the answer is still being made.
 */
export function NextTurn(props: NextTurnProps) {
  const { prediction, schema, mayRun } = props
  const asked = mayRun ? questionFields(schema) : null
  if (!asked || (isSettled(prediction) && !hasAnswer(prediction))) return null
  return <TurnForm {...props} {...asked} />
}

/** Sent as a whole page: it opens with the next turn, and its inputs in the form beside it. */
function TurnForm({ prediction, formKey, prompt, image }: NextTurnProps & QuestionFields) {
  const { id, model, version } = prediction
  return (
    <form
      class={isSettled(prediction) ? 'fields' : 'fields scripted'}
      id='next-turn'
      method='post'
      action={usePaths().predictions()}
      enctype='multipart/form-data'
    >
      <input type='hidden' name='model' value={modelName(model)} />
      <input type='hidden' name='version' value={version} />
      <input type='hidden' name='key' value={formKey} />
      <input type='hidden' name='beside' value={id} />
      <input type='hidden' name='continues' value={id} />
      <div class='field'>
        <div class='field-head'>
          <label class='field-name' for={turnPromptId}>
            Your turn
          </label>
        </div>
        <div class='field-body'>
          <textarea
            id={turnPromptId}
            name={`input.${prompt.name}`}
            rows={3}
            dir='auto'
            required
            placeholder='Ask on, or change your mind'
          />
        </div>
      </div>
      {image && (
        <div class='field'>
          <div class='field-head'>
            <label class='field-name' for='turn-image'>
              {image.name}
            </label>
          </div>
          <div class='field-body'>
            <input
              type='file'
              id='turn-image'
              name={`input.${image.name}`}
              accept={acceptOf(image)}
              multiple={image.schema.type === 'array'}
            />
          </div>
        </div>
      )}
      <NextTurnEnd prediction={prediction} />
    </form>
  )
}

/**
 * The end of the form, with Continue once there is an answer to go on from. A page on which it is still being
 * made asks for this later, so that what was written stays.
 */
export function NextTurnEnd({ prediction }: Pick<NextTurnProps, 'prediction'>) {
  const paths = usePaths()
  const { context } = tokenFigures(prediction.metrics)
  if (!isSettled(prediction))
    return (
      <div
        class='actions'
        hx-get={paths.nextTurn(prediction.id)}
        hx-trigger='settled from:body'
        hx-swap='outerHTML'
        {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
      >
        <ContinueButton isDisabled />
        <span class='field-note'>When the answer is complete</span>
      </div>
    )
  if (!hasAnswer(prediction))
    return <p class='field-note'>There is no answer to go on from. Edit the question instead.</p>
  return (
    <div class='actions'>
      {context?.isNearlyFull && (
        <p class='notice'>
          <span>
            {contextShare(context)} tokens of context are used: the next question may be refused, or
            its answer cut short.
          </span>{' '}
          <a class='button bare' href={`${paths.model(prediction.model)}?blank`}>
            New conversation
          </a>
        </p>
      )}
      <ContinueButton />
      <span class='field-note'>
        Goes on from the answer above, with its settings
        {context && !context.isNearlyFull && `. ${contextShare(context)} tokens are used`}
      </span>
    </div>
  )
}

function ContinueButton({ isDisabled = false }: { readonly isDisabled?: boolean }) {
  return (
    <button class={isDisabled ? 'button' : 'button run'} type='submit' disabled={isDisabled}>
      Continue
    </button>
  )
}
