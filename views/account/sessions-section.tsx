import type { Session } from '../../src/domain/people/session.ts'
import { Moment } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { browserName } from './browser-name.ts'

export interface SessionsSectionProps {
  readonly sessions: readonly Session[]
  /** The hash of the session of this browser. */
  readonly current: string
}

/** The form of all buttons of the section. */
const formId = 'end-session'

/** The browsers in which one is signed in. */
export function SessionsSection({ sessions, current }: SessionsSectionProps) {
  return (
    <section aria-labelledby='sessions'>
      <header class='section-head'>
        <h2 id='sessions'>Where you are signed in</h2>
        {sessions.length > 1 && (
          <form id={formId} method='post' action={usePaths().accountSessions()}>
            <button class='button' type='submit' name='end' value='others'>
              Sign out everywhere else
            </button>
          </form>
        )}
      </header>
      <ScrollTable
        label='Sessions, table'
        columns={['Browser', 'From', 'Since', 'Seen']}
        actions='Actions'
      >
        {sessions.map((session) => (
          <Row session={session} isCurrent={session.hash === current} />
        ))}
      </ScrollTable>
    </section>
  )
}

function Row({ session, isCurrent }: { session: Session; isCurrent: boolean }) {
  const { hash, agent, address, createdAt, seenAt } = session
  const name = browserName(agent)
  return (
    <tr>
      <td title={agent}>
        {name} {isCurrent && <span class='tag'>this one</span>}
      </td>
      <td>
        <span class='mono'>{address}</span>
      </td>
      <td>
        <Moment at={createdAt} shows='both' />
      </td>
      <td>{isCurrent ? 'now' : <Moment at={seenAt} shows='both' />}</td>
      <td>
        {!isCurrent && (
          <button
            class='button bare'
            type='submit'
            form={formId}
            name='end'
            value={hash}
            aria-label={`Sign out ${name}`}
          >
            Sign out
          </button>
        )}
      </td>
    </tr>
  )
}
