import { type AuditEntry, auditActions, auditGroups } from '../../src/domain/people/audit.ts'
import { Breakable, Moment } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'

/** The filter as its form has it; empty texts for no filter. */
export interface ChosenAudit {
  readonly q: string
  /** An account. */
  readonly who: string
  /** A group of actions. */
  readonly action: string
  readonly when: string
}

export const whenChoices: Readonly<Record<string, string>> = {
  week: 'This week',
  today: 'Today',
  all: 'All that is kept',
}

interface AuditPageProps {
  readonly chosen: ChosenAudit
  readonly entries: readonly AuditEntry[]
  /** Names of the accounts that own subjects. */
  readonly names: ReadonlyMap<string, string>
  /** The people to choose from: their names by account. */
  readonly actors: ReadonlyMap<string, string>
  /** Where older entries begin; null when there are none. */
  readonly next: string | null
  /** How many days entries are kept. */
  readonly days: number
}

/** Who did what. */
export function AuditPage({ chosen, entries, names, actors, next, days }: AuditPageProps) {
  const paths = usePaths()
  const query = new URLSearchParams({ ...chosen })
  return (
    <Layout title='Audit' current='settings'>
      <SettingsHead current='audit' />
      <section class='stack' aria-labelledby='audit'>
        <header class='pane-head'>
          <h2 id='audit'>Who did what</h2>
          <p class='field-note'>Kept for {days} days, without inputs or outputs</p>
          <form method='post' action={`${paths.auditCsv()}?${query}`}>
            <button class='button' type='submit'>
              CSV
            </button>
          </form>
        </header>
        <Filters chosen={chosen} actors={actors} />
        {entries.length === 0 ? (
          <div class='empty'>
            <Pit />
            <p>Nothing was kept that matches this.</p>
          </div>
        ) : (
          <ScrollTable
            label='Audit, table'
            columns={['When', 'Who', 'What', 'Of', 'From', 'Outcome']}
          >
            {entries.map((entry) => (
              <Row entry={entry} names={names} />
            ))}
          </ScrollTable>
        )}
        {next !== null && (
          <div class='actions'>
            <a class='button' rel='next' href={`${paths.audit()}?${query}&before=${next}`}>
              Older
            </a>
          </div>
        )}
      </section>
    </Layout>
  )
}

function Filters({ chosen, actors }: Pick<AuditPageProps, 'chosen' | 'actors'>) {
  const groups = Object.keys(auditGroups).map((name) => [name, name] as const)
  return (
    <form class='filters' action={usePaths().audit()}>
      <input
        class='grow'
        type='search'
        name='q'
        value={chosen.q}
        placeholder='Search names, models and ids'
        aria-label='Search the audit'
        dir='auto'
      />
      <Choice label='Who' name='who' options={[['', 'Everyone'], ...actors]} chosen={chosen.who} />
      <Choice
        label='What'
        name='action'
        options={[['', 'Everything'], ...groups]}
        chosen={chosen.action}
      />
      <Choice label='When' name='when' options={Object.entries(whenChoices)} chosen={chosen.when} />
      <button class='button' type='submit'>
        Filter
      </button>
    </form>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly name: string
  readonly options: readonly (readonly [value: string, word: string])[]
  readonly chosen: string
}

function Choice({ label, name, options, chosen }: ChoiceProps) {
  return (
    <select name={name} aria-label={label}>
      {options.map(([value, word]) => (
        <option value={value} selected={value === chosen}>
          {word}
        </option>
      ))}
    </select>
  )
}

function Row({ entry, names }: { entry: AuditEntry } & Pick<AuditPageProps, 'names'>) {
  const { at, actorName, action, subjectOwner, detail, address, via, outcome } = entry
  const owner = subjectOwner === null ? null : (names.get(subjectOwner) ?? subjectOwner)
  return (
    <tr>
      <td>
        <Moment at={at} shows='both' />
      </td>
      <td>{actorName === '' ? 'somebody unknown' : <Breakable text={actorName} />}</td>
      <td>
        {auditActions[action]}
        {detail !== '' && <p class='field-note'>{detail}</p>}
      </td>
      <td>
        <Subject {...entry} />
        {owner !== null && ` of ${owner}`}
      </td>
      <td>
        <span class='mono'>{address === '' ? 'this server' : address}</span>
        {via === 'api' && <p class='field-note'>API</p>}
      </td>
      <td>
        {outcome === 'done' ? (
          'done'
        ) : (
          <span class='status' data-status='failed'>
            Refused
          </span>
        )}
      </td>
    </tr>
  )
}

const shortIdLength = 8

/** What it was done to, as a link where it can still be there. */
function Subject({ subject, action }: Pick<AuditEntry, 'subject' | 'action'>) {
  const paths = usePaths()
  const id = /^p\/(\w+)$/.exec(subject)?.[1]
  if (id === undefined) return <Breakable text={subject} />
  const short = `p/${id.slice(0, shortIdLength)}…`
  return action === 'prediction deleted' ? (
    <span title={id}>{short}</span>
  ) : (
    <a href={paths.prediction(id)}>{short}</a>
  )
}
