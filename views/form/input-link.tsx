import { isOnlyHere } from '../shares/link-list.tsx'

interface InputLinkProps {
  readonly href: string
  /** The page with the same inputs as code, which takes the query of `href`. */
  readonly code?: string
}

/** A URL of a form with its inputs, to be copied. */
export function InputLink({ href, code }: InputLinkProps) {
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
        {code && <a href={code + new URL(href).search}>As code</a>}
      </p>
    </section>
  )
}
