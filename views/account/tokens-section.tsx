import type { PersonalToken } from '../../src/domain/people/personal-token.ts'
import { Moment } from '../format.tsx'
import { CopyButton } from '../outputs/parts/copy-button.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { TokenForm, type TokenFormProps } from './token-form.tsx'

/** A token that was just made. It is shown once. */
export interface NewToken {
  readonly name: string
  readonly text: string
}

export interface TokenLine {
  readonly token: PersonalToken
  /** The owner name for which it acts. */
  readonly account: string
  readonly isOver: boolean
}

export interface TokensSectionProps {
  readonly tokens: readonly TokenLine[]
  readonly made: NewToken | null
  readonly form: TokenFormProps
}

/** The form of the buttons in the rows. */
const rowFormId = 'of-token'

/** One’s own API tokens, and the form for a new one. */
export function TokensSection({ tokens, made, form }: TokensSectionProps) {
  return (
    <section aria-labelledby='tokens'>
      <header class='section-head'>
        <h2 id='tokens'>API tokens</h2>
        <p>For programs that act as you</p>
      </header>
      <div class='stack'>
        {made && <Made {...made} />}
        {tokens.length > 0 && (
          <ScrollTable
            label='API tokens, table'
            columns={['Name', 'May', 'Acts for', 'Last used', 'Ends']}
            actions='Actions'
          >
            {tokens.map((line) => (
              <Row {...line} />
            ))}
          </ScrollTable>
        )}
        <form id={rowFormId} method='post' />
        <TokenForm {...form} />
      </div>
    </section>
  )
}

function Made({ name, text }: NewToken) {
  return (
    <div class='stack measure'>
      <p class='notice' role='status'>
        <span>
          <b>Copy the token of “{name}” now.</b> It is shown once.
        </span>
      </p>
      <div class='with-button'>
        <input class='mono' id='new-token' aria-label='Your new token' readonly value={text} />
        <CopyButton copied={{ of: 'element', id: 'new-token' }} />
      </div>
    </div>
  )
}

function Row({ token, account, isOver }: TokenLine) {
  const { id, name, last4, scopes, usedAt, usedFrom } = token
  const paths = usePaths()
  const [word, action] = isOver
    ? ['Delete', paths.tokenDeletion(id)]
    : ['Revoke', paths.tokenRevocation(id)]
  return (
    <tr>
      <td>
        {name} <span class='mono'>…{last4}</span>
      </td>
      <td>{scopes.join(', ')}</td>
      <td>{account}</td>
      <td>
        {usedAt === null ? 'never' : <Moment at={usedAt} shows='both' />}
        {usedFrom && `, ${usedFrom}`}
      </td>
      <td>
        <Ends {...token} isOver={isOver} />
      </td>
      <td>
        <button
          class='button bare'
          type='submit'
          form={rowFormId}
          formaction={action}
          aria-label={`${word} ${name}`}
        >
          {word}
        </button>
      </td>
    </tr>
  )
}

function Ends({ expiresAt, revokedAt, isOver }: PersonalToken & { isOver: boolean }) {
  if (isOver) return <span class='tag'>{revokedAt === null ? 'ended' : 'revoked'}</span>
  return expiresAt === null ? <>never</> : <Moment at={expiresAt} shows='day' />
}
