/** The key of an upstream. It is typed again each time: a page never shows one. */
export function KeyField({ isMissing }: { readonly isMissing: boolean }) {
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for='key'>
          key
        </label>
      </div>
      <div class='field-body'>
        <input
          type='password'
          id='key'
          name='key'
          autocomplete='off'
          required={isMissing}
          placeholder={isMissing ? undefined : 'as before, or none'}
          aria-describedby='key-note'
        />
        <p class='field-note' id='key-note'>
          Kept encrypted, and sent to this address alone. It can be replaced later, never read.
        </p>
      </div>
    </div>
  )
}
