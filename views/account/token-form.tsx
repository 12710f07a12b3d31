import { usePaths } from '../site.ts'

export interface TokenFormProps {
  /** Names this form: sent twice, it makes one token. */
  readonly formKey: string
  readonly texts: {
    readonly name: string
    readonly scopes: string
    readonly account: string
    readonly ends: string
  }
  /** What to change; null for nothing. */
  readonly error: string | null
  /** Values with their words. */
  readonly choices: {
    readonly scopes: Readonly<Record<string, string>>
    readonly ends: Readonly<Record<string, string>>
    /** Owner names. */
    readonly accounts: readonly string[]
  }
}

/** The form that makes a token. */
export function TokenForm({ formKey, texts, error, choices }: TokenFormProps) {
  const accounts = Object.fromEntries(choices.accounts.map((name) => [name, name]))
  return (
    <>
      {error !== null && (
        <p class='field-error' id='token-error' role='alert'>
          {error}
        </p>
      )}
      <form class='filters' method='post' action={usePaths().accountTokens()}>
        <input type='hidden' name='key' value={formKey} />
        <label class='grow'>
          Name
          <input
            name='name'
            value={texts.name}
            placeholder='what it is for'
            maxlength={80}
            required
            {...(error === null
              ? {}
              : { 'aria-invalid': 'true', 'aria-describedby': 'token-error' })}
          />
        </label>
        <Choice label='May' name='scopes' options={choices.scopes} chosen={texts.scopes} />
        <Choice label='Acts for' name='account' options={accounts} chosen={texts.account} />
        <Choice label='Ends in' name='ends' options={choices.ends} chosen={texts.ends} />
        <button class='button' type='submit'>
          Make a token
        </button>
      </form>
    </>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  readonly chosen: string
}

function Choice({ label, name, options, chosen }: ChoiceProps) {
  return (
    <label>
      {label}
      <select name={name}>
        {Object.entries(options).map(([value, word]) => (
          <option value={value} selected={value === chosen}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}
