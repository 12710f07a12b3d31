/** Whether an address starts a container when it is asked. Then it is never asked in the background. */
export function OnDemandField({ isChosen }: { readonly isChosen: boolean }) {
  return (
    <div class='field'>
      <div class='field-head'>
        <span class='field-name'>start</span>
      </div>
      <div class='field-body'>
        <label class='check'>
          <input
            type='checkbox'
            name='on-demand'
            value='yes'
            checked={isChosen}
            aria-describedby='on-demand-note'
          />{' '}
          Its container starts when it is asked
        </label>
        <p class='field-note' id='on-demand-note'>
          As with Knative and KServe: it is asked only when a run waits, and the run waits for the
          start.
        </p>
      </div>
    </div>
  )
}
