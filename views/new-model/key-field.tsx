interface KeyFieldProps {
  /** Whether nothing works without one. */
  readonly isMissing: boolean
  /** Whether one was typed already. */
  readonly isHeld?: boolean
}

/** The key of an upstream. No page ever shows one. */
export function KeyField({ isMissing, isHeld = false }: KeyFieldProps) {
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
          placeholder={isMissing ? undefined : isHeld ? 'as typed' : 'as before, or none'}
          aria-describedby='key-note'
        />
        <p class='field-note' id='key-note'>
          Kept encrypted, and sent to this address alone. It can be replaced later, never read.
        </p>
      </div>
    </div>
  )
}
