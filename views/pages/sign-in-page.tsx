import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

/** Why somebody was not signed in, for people. */
export type SignInTrouble =
  | { readonly is: 'not allowed' | 'disabled'; readonly who: string }
  | { readonly is: 'away'; readonly at: string }
  | { readonly is: 'refused' | 'forged' | 'clock' | 'unknown' }

interface SignInPageProps {
  /** The name of the provider. */
  readonly label: string
  /** The path and query to come back to. */
  readonly to: string
  readonly trouble?: SignInTrouble
}

/** The page for people who are not signed in, and for a sign-in that did not work. */
export function SignInPage({ label, to, trouble }: SignInPageProps) {
  const paths = usePaths()
  const place = to.slice(paths.base.length + 1)
  return (
    <Layout title='Sign in'>
      <section class='measure stack' aria-labelledby='sign-in'>
        <header class='page-head'>
          <h1 id='sign-in'>Sign in</h1>
          <p class='lede'>
            To see and run the models here.
            {place !== '' && (
              <>
                {' '}
                You come back to <span class='mono'>{place}</span>.
              </>
            )}
          </p>
        </header>
        {trouble && <Trouble trouble={trouble} label={label} again={paths.signIn(to)} />}
        <p>
          <a class='button run' href={paths.signIn(to)}>
            Sign in with {label}
          </a>
        </p>
        <p class='field-note'>
          That is where your password stays. Sandpit learns your name, your address and your groups.
        </p>
      </section>
    </Layout>
  )
}

interface TroubleProps {
  readonly trouble: SignInTrouble
  readonly label: string
  readonly again: string
}

function Trouble({ trouble, label, again }: TroubleProps) {
  return (
    <div class='failure' role='alert'>
      <h2>{trouble.is === 'away' ? `${label} does not answer` : 'You could not be signed in'}</h2>
      <p>
        <Reason trouble={trouble} label={label} again={again} />
      </p>
    </div>
  )
}

function Reason({ trouble, label, again }: TroubleProps) {
  switch (trouble.is) {
    case 'not allowed':
      return (
        <>
          You are known as <b>{trouble.who}</b>, but none of your groups has access here. Ask an
          operator of this server.
        </>
      )
    case 'disabled':
      return (
        <>
          You are known as <b>{trouble.who}</b>, and an operator of this server has disabled your
          account. Ask them.
        </>
      )
    case 'away':
      return (
        <>
          Tried at {trouble.at}. <a href={again}>Try again</a>
        </>
      )
    case 'clock':
      return <>The clock of this server and that of {label} differ too much. Ask an operator.</>
    case 'refused':
      return <>{label} refused. Sign in again, or ask an operator if that happens each time.</>
    case 'forged':
      return <>The answer of {label} was not one to this sign-in. Sign in again.</>
    default:
      return (
        <>
          This sign-in was not begun in this browser, or more than ten minutes ago. Sign in again.
        </>
      )
  }
}

/** Takes the place of a panel whose viewer is no longer signed in. It makes no further requests. */
export function SignInPanel({ to }: { to: string }) {
  const paths = usePaths()
  return (
    <article class='prediction' id='prediction'>
      <div class='empty'>
        <h2>You are signed out</h2>
        <p>
          <a href={paths.signIn(to)}>Sign in</a> to see this prediction again.
        </p>
      </div>
    </article>
  )
}

interface SignedOutPageProps {
  /** The name of the provider; null when it is not known. */
  readonly label: string
  /** Where to sign out at the provider; null when that is done there, or not possible. */
  readonly providerUrl: string | null
  /** Whether the provider itself ended its session. */
  readonly everywhere: boolean
}

/** The page after signing out. */
export function SignedOutPage({ label, providerUrl, everywhere }: SignedOutPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Signed out'>
      <section class='measure stack' aria-labelledby='signed-out'>
        <header class='page-head'>
          <h1 id='signed-out'>You are signed out</h1>
          {!everywhere && <p class='lede'>You may still be signed in at {label}.</p>}
        </header>
        <p class='actions'>
          {providerUrl !== null && (
            <a class='button' href={providerUrl}>
              Sign out at {label}, too
            </a>
          )}
          <a class='button' href={paths.signIn(paths.home())}>
            Sign in again
          </a>
        </p>
      </section>
    </Layout>
  )
}
