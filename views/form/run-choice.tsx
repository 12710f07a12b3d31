export interface RunChoiceProps {
  /** The names of the accounts for which the viewer may run models, their own first. */
  readonly names: readonly string[]
  /** The chosen one. */
  readonly name: string
  readonly isPrivate: boolean
  /** Whether the model is private, and so every run of it. */
  readonly isFixed: boolean
}

/** For which account a run is made, and whether it is private. */
export function RunChoice({ names, name, isPrivate, isFixed }: RunChoiceProps) {
  const isOne = names.length === 1
  return (
    <div class='fields'>
      <div class='field'>
        <div class='field-head'>
          {isOne ? (
            <span class='field-name'>visibility</span>
          ) : (
            <label class='field-name' for='account'>
              made for
            </label>
          )}
        </div>
        <div class='field-body'>
          <div class={isOne ? undefined : 'with-button'}>
            {isOne ? (
              <input type='hidden' name='account' value={name} />
            ) : (
              <select id='account' name='account' aria-describedby='account-note'>
                {names.map((one) => (
                  <option selected={one === name}>{one}</option>
                ))}
              </select>
            )}
            <label class='check'>
              <input
                type='checkbox'
                name='private'
                value='true'
                checked={isPrivate}
                disabled={isFixed}
                aria-describedby='account-note'
              />{' '}
              <span>Private</span>
            </label>
          </div>
          <p class='field-note' id='account-note'>
            {noteOf(isOne, isFixed)}
          </p>
        </div>
      </div>
    </div>
  )
}

function noteOf(isOne: boolean, isFixed: boolean): string {
  if (isFixed) return 'The model is private, and so are its runs.'
  return isOne
    ? 'Private: seen by you and by operators alone.'
    : 'Private: seen by you, by members of that account and by operators alone.'
}
