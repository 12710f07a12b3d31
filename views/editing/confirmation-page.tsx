import { Layout } from '../layout.tsx'

interface ConfirmationPageProps {
  /** The question: `Delete this collection?` */
  readonly question: string
  /** The consequences, and what stays as it is. */
  readonly text: string
  /** The word on the button; null when it cannot be done, and `text` says why. */
  readonly button: string | null
  readonly action: string
  /** Where the page is left without doing it. */
  readonly back: string
}

/** Asks an operator before something is done that cannot be undone. */
export function ConfirmationPage(props: ConfirmationPageProps) {
  const { question, text, button, action, back } = props
  return (
    <Layout title={question} current='settings'>
      <header class='page-head'>
        <h1>{question}</h1>
        <p class='lede'>{text}</p>
        <form class='actions' method='post' action={action}>
          {button !== null && (
            <button class='button' type='submit'>
              {button}
            </button>
          )}
          <a class='button bare' href={back}>
            {button === null ? 'Back' : 'Cancel'}
          </a>
        </form>
      </header>
    </Layout>
  )
}
