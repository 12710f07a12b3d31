import type { PropsWithChildren } from 'hono/jsx'
import { PredictionPanel, type PredictionPanelProps } from './prediction-panel.tsx'
import { usePaths } from './site.ts'

/** The right half of a model's page. */
export function ResultPane({ children }: PropsWithChildren) {
  return (
    <section class='result' id='result' aria-label='Result'>
      <div class='stay'>{children}</div>
    </section>
  )
}

/** What Run answers with when the page stays: the pane with the panel, and the form's next key. */
export function RunAnswer({ formKey, ...panel }: PredictionPanelProps & { formKey: string }) {
  return (
    <>
      <ResultPane>
        <PredictionPanel {...panel} />
      </ResultPane>
      <FormKey value={formKey} replaces />
    </>
  )
}

/** Tells one press on Run from the next. */
export function FormKey({ value, replaces = false }: { value: string; replaces?: boolean }) {
  const swap = replaces ? { 'hx-swap-oob': 'true' } : {}
  return <input type='hidden' name='key' value={value} id='form-key' {...swap} />
}

/** Where an unsettled panel's page can be seen without scripts. */
export function LookAgain({ id, seconds }: { id: string; seconds: number }) {
  const paths = usePaths()
  return (
    <noscript>
      <p class='field-note'>
        This page looks again every {seconds} s. <a href={paths.prediction(id)}>Look now</a>
      </p>
    </noscript>
  )
}
