import { Layout, Pit } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'
import { GroupsSection, type GroupsSectionProps } from './groups-section.tsx'
import { PeopleTable } from './people-table.tsx'
import { accessFormId, type PersonLine } from './person-controls.tsx'

interface PeoplePageProps extends GroupsSectionProps {
  /** A search. */
  readonly q: string
  /** The handle after which this page begins; null for the first. */
  readonly after: string | null
  /** The handle after which the next page begins; null for the last. */
  readonly next: string | null
  readonly lines: readonly PersonLine[]
  /** How people sign in. */
  readonly auth: string
  /** The accounts of the tokens of the environment. */
  readonly machines: readonly string[]
}

/** Everybody who uses this server, with their roles. */
export function PeoplePage(props: PeoplePageProps) {
  const { auth, groups, counts, machines } = props
  const hasPeople = auth !== 'none' && auth !== 'unset'
  return (
    <Layout title='People' current='settings'>
      <SettingsHead current='people' />
      {hasPeople ? <People {...props} /> : <Nobody />}
      <GroupsSection {...{ groups, counts }} />
      {machines.length > 0 && <Machines machines={machines} />}
    </Layout>
  )
}

function Nobody() {
  return (
    <section>
      <div class='empty'>
        <Pit />
        <p>
          Nobody signs in here: browsers are told apart by a cookie. Set <code>SANDPIT_AUTH</code>{' '}
          to know people and give them roles.
        </p>
      </div>
    </section>
  )
}

function People({ q, after, next, lines }: PeoplePageProps) {
  const paths = usePaths()
  const hrefOf = (more: Readonly<Record<string, string>>) => {
    const given = Object.entries({ q, ...more }).filter(([, value]) => value !== '')
    const query = new URLSearchParams(given).toString()
    return paths.people() + (query === '' ? '' : `?${query}`)
  }
  const here = hrefOf(after === null ? {} : { after })
  return (
    <section aria-labelledby='people'>
      <header class='section-head'>
        <h2 id='people'>People</h2>
        <p>
          Everybody who was ever let in. What is set here by hand stays. <b>Disable</b> signs
          somebody out everywhere, and ends their tokens and share links.
        </p>
      </header>
      <form class='filters' action={paths.people()}>
        <input
          class='grow'
          type='search'
          name='q'
          value={q}
          placeholder='Search handles, names and addresses'
          aria-label='Search people'
          dir='auto'
        />
        <button class='button' type='submit'>
          Search
        </button>
      </form>
      {lines.length === 0 ? (
        <div class='empty'>
          <Pit />
          <p>{q === '' ? 'Nobody has been here yet.' : 'Nobody here matches this.'}</p>
        </div>
      ) : (
        <>
          <form method='post' action={here}>
            <PeopleTable lines={lines} />
            <footer class='run-bar'>
              <div>
                <button class='button run' type='submit'>
                  Save
                </button>
              </div>
            </footer>
          </form>
          <form id={accessFormId} method='post' action={here} />
        </>
      )}
      {next !== null && (
        <div class='actions'>
          <a class='button' rel='next' href={hrefOf({ after: next })}>
            Next
          </a>
        </div>
      )}
    </section>
  )
}

function Machines({ machines }: Pick<PeoplePageProps, 'machines'>) {
  const paths = usePaths()
  return (
    <section aria-labelledby='machines'>
      <header class='section-head'>
        <h2 id='machines'>Tokens of the environment</h2>
        <p>SANDPIT_API_TOKENS</p>
      </header>
      <ScrollTable label='Tokens of the environment, table' columns={['Account', 'Role', 'Did']}>
        {machines.map((account) => (
          <tr>
            <td>
              <code>{account}</code>
            </td>
            <td>operator</td>
            <td>
              <a href={`${paths.audit()}?${new URLSearchParams({ who: account, when: 'all' })}`}>
                In the audit log
              </a>
            </td>
          </tr>
        ))}
      </ScrollTable>
    </section>
  )
}
