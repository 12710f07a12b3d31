import type { PropsWithChildren } from 'hono/jsx'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { ApiTabOfRun } from '../model/model-tabs.tsx'
import { usePaths } from '../site.ts'
import { PredictionPanel, type PredictionPanelProps } from './prediction-panel.tsx'

/** The right half of the playground page. */
export function ResultPane({ children }: PropsWithChildren) {
  return (
    <section class='result' id='result' aria-label='Result'>
      <div class='stay'>{children}</div>
    </section>
  )
}

/** The response to Run for htmx: the pane with the panel, the form’s next key and the link to the code. */
export function RunAnswer({ formKey, ...panel }: PredictionPanelProps & { formKey: string }) {
  return (
    <>
      <ResultPane>
        <WatchedPanel {...panel} />
      </ResultPane>
      <FormKey value={formKey} replaces />
      <ApiTabOfRun model={panel.prediction.model} id={panel.prediction.id} />
    </>
  )
}

/** A panel with a note for when it cannot be updated. */
export function WatchedPanel(panel: PredictionPanelProps) {
  return (
    <>
      {!isSettled(panel.prediction) && <ConnectionNote id={panel.prediction.id} />}
      <PredictionPanel {...panel} />
    </>
  )
}

/** The messages that `public/answers.js` shows while a panel gets no response from Sandpit. */
function ConnectionNote({ id }: { id: string }) {
  return (
    <p
      class='notice'
      id='connection'
      role='status'
      hidden
      data-offline='You are offline. This page will update when you reconnect.'
      data-unreached='The server cannot be reached. Still trying.'
      data-signed-out='You may be signed out. Reload the page to sign in again.'
      data-busy='Too many requests. This page will try again shortly.'
      data-unavailable='The server returned an error ({status}). Still trying.'
      data-undone='That was not done. Try again.'
    >
      <span />{' '}
      <a class='button' href={usePaths().prediction(id)}>
        Reload
      </a>
    </p>
  )
}

/** Tells one press on Run from the next. */
export function FormKey({ value, replaces = false }: { value: string; replaces?: boolean }) {
  const swap = replaces ? { 'hx-swap-oob': 'true' } : {}
  return <input type='hidden' name='key' value={value} id='form-key' {...swap} />
}

/** A link to reload the page, for browsers without scripts. */
export function LookAgain({ id, seconds }: { id: string; seconds: number }) {
  const paths = usePaths()
  return (
    <noscript>
      <p class='field-note'>
        This page refreshes every {seconds} s. <a href={paths.prediction(id)}>Refresh now</a>
      </p>
    </noscript>
  )
}
