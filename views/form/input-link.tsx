import type { ModelRef } from '../../src/domain/model-ref.ts'
import { isOnlyHere } from '../shares/link-list.tsx'
import { usePaths } from '../site.ts'

/** A URL of a form with its inputs, to be copied. */
export function InputLink({ model, href }: { model: ModelRef; href: string }) {
  const paths = usePaths()
  return (
    <section class='stack link' aria-label='Link to these inputs'>
      <div class='with-button'>
        <input
          class='mono'
          id='input-link'
          readonly
          value={href}
          aria-label='Link to these inputs'
        />
        <button class='button' type='button' data-copies='input-link' data-copies-now>
          Copy
        </button>
      </div>
      <p class='field-note'>
        Opens this form with these inputs. Files and secrets are left out.
        {isOnlyHere(href) && ' Only this computer can open it.'}{' '}
        <a href={paths.modelApi(model) + new URL(href).search}>As code</a>
      </p>
    </section>
  )
}
