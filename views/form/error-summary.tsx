import type { Form } from '../../src/domain/form/form.ts'
import { fieldId } from '../fields/control.ts'
import { plural } from '../format.tsx'

/**
 * Why a form is rendered: it was opened, changed by one of its buttons, drawn again after a sign-in, or
 * refused on Run.
 */
export type FormOccasion = 'opened' | 'changed' | 'resumed' | 'run'

/** States whether the inputs were kept. */
const assurances: Readonly<Record<FormOccasion, string>> = {
  opened: 'This form was opened with values that are not valid. Correct them, then press Run.',
  changed: 'Your inputs and files are still here.',
  resumed: 'All that you typed is here.',
  run: 'Nothing was run. Your inputs and files are still here.',
}

interface ErrorSummaryProps {
  readonly form: Form
  readonly occasion: FormOccasion
  /** A sentence about the whole form. */
  readonly problem: string | undefined
  /** A sentence on what to do about it. */
  readonly advice?: string | undefined
}

/** The errors of a form, each with a link to its field. */
export function ErrorSummary({ form, occasion, problem, advice }: ErrorSummaryProps) {
  const wrong = form.fields.filter((field) => field.error !== null)
  if (wrong.length === 0 && !problem) return null
  if (wrong.length === 0 && occasion === 'resumed')
    return (
      <p class='notice' id='problems' role='status'>
        {problem}. {advice} {assurances.resumed}
      </p>
    )
  return (
    <section class='error-summary' id='problems' tabindex={-1} role='alert' autofocus>
      <h2>
        {problem ??
          `${plural(wrong.length, 'input')} ${wrong.length === 1 ? 'needs' : 'need'} attention`}
      </h2>
      {wrong.length > 0 && (
        <ul>
          <WrongFields form={form} />
        </ul>
      )}
      <p>
        {advice && `${advice} `}
        {assurances[occasion]}
      </p>
    </section>
  )
}

/** The items of a list of errors: one for each wrong field of a form, with a link to it. */
export function WrongFields({ form }: { readonly form: Form }) {
  return (
    <>
      {form.fields.map(
        (field) =>
          field.error !== null && (
            <li>
              <a href={`#${fieldId(field)}`}>{field.property.name}</a>: {field.error}
            </li>
          ),
      )}
    </>
  )
}
