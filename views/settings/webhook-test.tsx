import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

export interface WebhookTestProps {
  /** The receiver; empty before a test. */
  readonly url: string
  /** The result; null before a test. */
  readonly outcome: string | null
}

/** Sends a test delivery to an address. */
export function WebhookTest({ url, outcome }: WebhookTestProps) {
  const paths = usePaths()
  return (
    <section class='stack' id='webhook-test' aria-labelledby='webhook-test-name'>
      <header class='section-head'>
        <h2 id='webhook-test-name'>Webhooks</h2>
      </header>
      <form class='with-button' method='post' action={paths.webhookTest()}>
        <input
          type='url'
          name='url'
          required
          value={url}
          placeholder='https://example.com/webhook'
          aria-label='Receiver URL'
          aria-describedby='webhook-test-note'
        />
        <button class='button' type='submit'>
          Send test
        </button>
      </form>
      {outcome !== null && <p role='status'>{outcome}</p>}
      <p class='field-note' id='webhook-test-note'>
        Sends a sample prediction, signed the way real deliveries are.
      </p>
    </section>
  )
}

/** The result of a test delivery as a page. */
export function WebhookTestPage(props: WebhookTestProps) {
  const paths = usePaths()
  return (
    <Layout title='Test delivery' current='settings'>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.settings()}>Settings</a>
        </p>
        <h1>Test delivery</h1>
      </header>
      <WebhookTest {...props} />
    </Layout>
  )
}
