import type { Form } from '../src/domain/form.ts'
import { fieldId } from './field-row.tsx'
import { plural } from './format.ts'

interface ErrorSummaryProps {
  readonly form: Form
  /** A sentence about the whole form. */
  readonly problem: string | undefined
}

/** What is wrong with a form, above it: each leads to its field. */
export function ErrorSummary({ form, problem }: ErrorSummaryProps) {
  const wrong = form.fields.filter((field) => field.error !== null)
  if (wrong.length === 0 && !problem) return null
  return (
    <section class='error-summary' id='problems' tabindex={-1} role='alert' autofocus>
      <h2>
        {problem ??
          `${plural(wrong.length, 'input')} ${wrong.length === 1 ? 'needs' : 'need'} another look`}
      </h2>
      {wrong.length > 0 && (
        <ul>
          {wrong.map((field) => (
            <li>
              <a href={`#${fieldId(field)}`}>{field.property.name}</a>: {field.error}
            </li>
          ))}
        </ul>
      )}
      <p>Nothing was run. Everything you typed and uploaded is still here.</p>
    </section>
  )
}
