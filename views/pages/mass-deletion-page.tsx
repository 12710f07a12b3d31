import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'

interface MassDeletionPageProps {
  /** How many predictions go; at least so many where there are more than are counted. */
  readonly count: number
  readonly isAtLeast: boolean
  /** Which ones they are, and what else goes. */
  readonly text: string
  /** Where the form is sent to, and where Keep leads. */
  readonly action: string
  readonly back: string
  /** Names this form: sent twice, it deletes once. */
  readonly formKey: string
}

/** Asks before many predictions are deleted. */
export function MassDeletionPage(props: MassDeletionPageProps) {
  const { count, isAtLeast, text, action, back, formKey } = props
  const number = `${isAtLeast ? 'at least ' : ''}${plural(count, 'prediction')}`
  return (
    <Layout title='Delete predictions'>
      <header class='page-head'>
        <h1>{count === 0 ? 'There is nothing to delete' : `Delete ${number}?`}</h1>
        {count > 0 && (
          <p class='lede'>
            {text} Their pages, inputs, outputs, logs, files and share links go for everyone. This
            cannot be undone. It goes on when the server restarts.
          </p>
        )}
        <form class='actions' method='post' action={action}>
          <input type='hidden' name='key' value={formKey} />
          {count > 0 && (
            <button class='button' type='submit'>
              Delete {number}
            </button>
          )}
          <a class='button bare' href={back}>
            {count === 0 ? 'Back' : 'Keep all'}
          </a>
        </form>
      </header>
    </Layout>
  )
}
