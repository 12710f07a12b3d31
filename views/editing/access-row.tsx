import { FormRow } from './form-row.tsx'

export interface AccessRowProps {
  readonly owner: string
  readonly given: readonly {
    /** Account. */
    readonly grantee: string
    readonly name: string
    readonly may: 'see' | 'run'
  }[]
  /** As typed. */
  readonly grantee: string
  readonly may: string
  readonly error: string | null
}

/** Who may see or run a private model besides its owner. Its buttons take effect at once; Save gives access to who is typed, too. */
export function AccessRow({ owner, given, grantee, may, error }: AccessRowProps) {
  const described = error === null ? 'access-note' : 'access-error access-note'
  return (
    <FormRow
      id='access'
      name='access'
      role='group'
      error={error}
      note={`While it is private, for people and groups besides members of ${owner}. It takes effect at once.`}
    >
      {given.length > 0 && (
        <ul class='rows'>
          {given.map((one) => (
            <li class='with-button'>
              <span>
                {one.name} <span class='tag'>may {one.may}</span>
              </span>{' '}
              <button
                class='button icon bare'
                type='submit'
                formnovalidate
                name='press'
                value={`withdraw ${one.grantee}`}
                aria-label={`Withdraw access of ${one.name}`}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class='filters'>
        <label class='grow'>
          Person or group
          <input
            id='access'
            name='grantee'
            value={grantee}
            autocomplete='off'
            spellcheck={false}
            aria-describedby={described}
            aria-invalid={error === null ? undefined : 'true'}
          />
        </label>
        <label>
          May
          <select name='may'>
            <option selected={may !== 'see'}>run</option>
            <option selected={may === 'see'}>see</option>
          </select>
        </label>
        <button class='button' type='submit' name='press' value='give access' formnovalidate>
          Give access
        </button>
      </div>
    </FormRow>
  )
}
