import type { Child } from 'hono/jsx'
import type { SharedThing, ShareEnd } from '../../src/domain/people/share.ts'
import { Moment } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { useSite } from '../site.ts'

interface EndedSharePageProps {
  /** Milliseconds since 1970; null where the operator turned links off. */
  readonly at: number | null
  readonly why: ShareEnd | 'expired' | 'off'
  readonly kind: SharedThing['kind']
}

type Reasons = Readonly<Record<EndedSharePageProps['why'], string>>

const reasons: Reasons = {
  expired: 'It ended',
  revoked: 'It was revoked',
  deleted: 'The prediction was deleted',
  'made private': 'The prediction was made private',
  'model made private': 'Its model was made private',
  'maker disabled': 'Whoever made it no longer has access to this server: it ended',
  off: 'Share links are turned off here',
}

const groupReasons: Reasons = {
  ...reasons,
  deleted: 'The runs were deleted',
  'made private': 'One of its runs was made private',
  'model made private': 'One of its models was made private',
}

const keptText =
  'What it led to is kept, and seen by those who may. Ask whoever sent it for a new link.'

/** Says that a share link is over, when and why. */
export function EndedSharePage({ at, why, kind }: EndedSharePageProps) {
  return (
    <ShareMessage title='This link is over' text={textOf(why)}>
      {(kind === 'group' ? groupReasons : reasons)[why]}
      {at !== null && (
        <>
          {' '}
          on <Moment at={at} shows='day' />
        </>
      )}
    </ShareMessage>
  )
}

function textOf(why: EndedSharePageProps['why']): string {
  if (why === 'deleted') return 'Ask whoever sent it whether they have it elsewhere.'
  return why === 'off' ? 'Ask the operator of this server.' : keptText
}

/** Asks somebody to sign in, since the link is not for everyone. */
export function SignInForSharePage() {
  return (
    <ShareMessage
      title='Sign in to open this link'
      text='Whoever sent it made it for people who are signed in here.'
    >
      It is not for everyone
    </ShareMessage>
  )
}

interface ShareMessageProps {
  readonly title: string
  readonly text: string
  readonly children?: Child
}

function ShareMessage({ title, text, children }: ShareMessageProps) {
  const { signIn } = useSite()
  return (
    <Layout title={title}>
      <header class='page-head'>
        <h1>{title}</h1>
      </header>
      <div class='empty'>
        <Pit />
        <h2>{children}</h2>
        <p>{text}</p>
        {signIn !== null && (
          <a class='button' href={signIn}>
            Sign in
          </a>
        )}
      </div>
    </Layout>
  )
}
