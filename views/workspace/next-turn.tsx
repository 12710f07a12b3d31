import { acceptOf } from '../../src/domain/form/fields/file.ts'
import { type QuestionFields, questionFields } from '../../src/domain/model/chat/conversation.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { hasSucceeded, isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
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

/**
 * Asks the next question of a conversation, below its last answer. It is a run of its own: with the
 * settings of this one, and the conversation so far. A page on which the answer is still being made asks for it later.
 */
export function NextTurn(props: NextTurnProps) {
  const { prediction, schema, mayRun } = props
  const paths = usePaths()
  const asked = mayRun ? questionFields(schema) : null
  if (!asked) return null
  if (!isSettled(prediction))
    return (
      <div
        id='next-turn'
        hx-get={paths.nextTurn(prediction.id)}
        hx-trigger='settled from:body'
        hx-swap='outerHTML'
        {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
      />
    )
  return hasSucceeded(prediction) ? <TurnForm {...props} {...asked} /> : null
}

/** Sent as a whole page: it opens with the next turn, and its inputs in the form beside it. */
function TurnForm({ prediction, formKey, prompt, image }: NextTurnProps & QuestionFields) {
  const { id, model, version } = prediction
  return (
    <form
      class='fields'
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
          <label class='field-name' for='turn-prompt'>
            Your turn
          </label>
        </div>
        <div class='field-body'>
          <textarea
            id='turn-prompt'
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
      <div class='actions'>
        <button class='button run' type='submit'>
          Continue
        </button>
        <span class='field-note'>Goes on from the answer above, with its settings</span>
      </div>
    </form>
  )
}
