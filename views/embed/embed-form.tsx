import type { Form } from '../../src/domain/form/form.ts'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { EarlierContext } from '../fields/earlier-files.tsx'
import { ErrorSummary, type FormOccasion } from '../form/error-summary.tsx'
import { FormFields } from '../form/form-fields.tsx'
import { hx } from '../hx.ts'
import { FormKey } from '../panel/prediction-panel.tsx'

export interface EmbedFormProps {
  readonly model: ModelRef
  /** Id of the version whose form it is. */
  readonly version: string
  readonly form: Form
  /** Tells one press on Run from the next. */
  readonly formKey: string
  /** How long a run takes, and how many are left today. */
  readonly facts: string
  readonly occasion: FormOccasion
  /** A sentence about the whole form, such as why nothing was run. */
  readonly problem?: string | undefined
  /** A sentence on what to do about it. */
  readonly advice?: string | undefined
  /** The input whose button was pressed. */
  readonly pressed?: string | undefined
  /** Where it is sent. */
  readonly action: string
}

/** The form of a model inside another page. Its result goes into the element with the id `result`. */
export function EmbedForm(props: EmbedFormProps) {
  const { action } = props
  return (
    <form
      class='inputs'
      id='prediction-form'
      method='post'
      action={action}
      enctype='multipart/form-data'
      {...hx({ post: action, target: '#result', swap: 'innerHTML', sync: 'this:drop' })}
      hx-encoding='multipart/form-data'
    >
      <input type='hidden' name='version' value={props.version} />
      <FormKey value={props.formKey} />
      {/* Enter in a field presses the first submit button of a form. */}
      <button class='visually-hidden' type='submit' tabindex={-1} aria-hidden='true'>
        Run
      </button>
      <ErrorSummary
        form={props.form}
        occasion={props.occasion}
        problem={props.problem}
        advice={props.advice}
      />
      <EarlierContext.Provider value='off'>
        <FormFields form={props.form} pressed={props.pressed} none='This model has no inputs.' />
      </EarlierContext.Provider>
      <footer class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Run
          </button>
          <p>{props.facts}</p>
        </div>
      </footer>
    </form>
  )
}
