import type { Person } from '../../src/domain/people/person.ts'
import type { Viewer } from '../../src/domain/people/viewer.ts'
import type { Retention } from '../../src/domain/prediction/retention.ts'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'
import { SessionsSection, type SessionsSectionProps } from './sessions-section.tsx'
import { TokensSection, type TokensSectionProps } from './tokens-section.tsx'
import { UsedSection, type UsedSectionProps } from './used-section.tsx'
import { type MadeCounts, YoursSection } from './yours-section.tsx'

interface AccountPageProps {
  readonly viewer: Viewer
  /** Null where nobody signs in. */
  readonly person: Person | null
  /** How people sign in. */
  readonly auth: string
  /** The name of the provider at which they sign in; null where that is none. */
  readonly provider: string | null
  /** How many tokens the environment sets. */
  readonly machines: number
  /** Null for those without limits. */
  readonly used: UsedSectionProps | null
  /** Null where people do not sign in on a page. */
  readonly sessions: SessionsSectionProps | null
  /** Null for those who have no tokens of their own. */
  readonly tokens: TokensSectionProps | null
  /** How long data is kept here. */
  readonly retention: Retention
  /** What they made; null for those who are not known. */
  readonly yours: MadeCounts | null
}

/** Who one is here, and what is one’s own. */
export function AccountPage(props: AccountPageProps) {
  const { viewer, person, auth, provider, machines, used, tokens, sessions } = props
  const handle = viewer.namespaces[0] ?? null
  return (
    <Layout title={handle ?? 'Your account'} current='account'>
      <header class='page-head'>
        <h1>{handle ?? 'Your account'}</h1>
        {handle === null ? (
          <p class='lede'>{anonymous(auth)}</p>
        ) : (
          <Facts {...{ viewer, person, auth, provider }} />
        )}
      </header>
      {used && <UsedSection {...used} />}
      {tokens && <TokensSection {...tokens} />}
      {!tokens && <NoTokens role={viewer.role} machines={machines} isKnown={handle !== null} />}
      {sessions && <SessionsSection {...sessions} />}
      <YoursSection {...props} isKnown={handle !== null} />
    </Layout>
  )
}

function anonymous(auth: string): string {
  return auth === 'none' || auth === 'unset'
    ? 'Nobody signs in here: this server knows your browser by a cookie. What you make in another browser is somebody else’s.'
    : 'You are not signed in.'
}

type FactsProps = Pick<AccountPageProps, 'viewer' | 'person' | 'auth' | 'provider'>

function Facts({ viewer, person, auth, provider }: FactsProps) {
  const paths = usePaths()
  const { role, namespaces } = viewer
  return (
    <div class='facts'>
      {person?.email && <span>{person.email}</span>}
      <span class='tag'>{role}</span>
      <span>
        acts for{' '}
        {namespaces.map((name, index) => (
          <>
            {index > 0 && ', '}
            <b>{name}</b>
          </>
        ))}
      </span>
      {auth === 'header' && <span>named by the proxy in front of this server</span>}
      {auth === 'basic' && <span>signed in with the password of this server</span>}
      {provider !== null && <span>signed in with {provider}</span>}
      {provider !== null && (
        <form method='post' action={paths.signOut()}>
          <button class='button' type='submit'>
            Sign out
          </button>
        </form>
      )}
    </div>
  )
}

interface NoTokensProps extends Pick<AccountPageProps, 'machines'> {
  readonly role: Viewer['role']
  readonly isKnown: boolean
}

function NoTokens({ role, machines, isKnown }: NoTokensProps) {
  const ofServer =
    machines === 0
      ? 'No API tokens are set, so the API accepts requests from this machine alone.'
      : `Programs use the ${plural(machines, 'API token')} that the operator set in SANDPIT_API_TOKENS.`
  const text =
    isKnown && role === 'viewer'
      ? 'Your role is viewer: you see what is public or shared with you. Members have API tokens.'
      : ofServer
  return (
    <section aria-labelledby='tokens'>
      <header class='section-head'>
        <h2 id='tokens'>API tokens</h2>
      </header>
      <p>{text}</p>
    </section>
  )
}
