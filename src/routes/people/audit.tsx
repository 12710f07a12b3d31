import contentDisposition from 'content-disposition'
import { type Context, Hono } from 'hono'
import { isoTime } from '../../../views/format.tsx'
import { AuditPage, type ChosenAudit, whenChoices } from '../../../views/people/audit-page.tsx'
import type { Deps } from '../../deps.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import { type AuditEntry, auditActions, auditGroups } from '../../domain/people/audit.ts'
import type { AuditFilter } from '../../store/people.ts'
import { csvHead, csvRows } from '../files/csv.ts'
import { encoded } from '../files/large-output.ts'
import { sendInertContent } from '../files/output-content.ts'
import { startOfDay } from '../history/days.ts'
import { auditEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'

const pageLength = 100
const csvPageLength = 500
/** The most people to choose from. */
const mostChoices = 200
const longestText = 200

/** The audit log. Below `/settings`, which is for operators alone. */
export function auditRoutes(deps: Deps) {
  return new Hono()
    .get('/settings/audit', (c) => draw(c, deps))
    .post('/settings/audit.csv', async (c) => {
      await deps.store.addEntry(auditEntry(c, deps, 'exported', 'the audit log'))
      c.header('Content-Disposition', contentDisposition('audit.csv'))
      const filter = filterOf(deps, readChosen(c))
      return sendInertContent(c, 'text/csv', encoded(csvLines(deps, filter)))
    })
}

function readChosen(c: Context): ChosenAudit {
  const { q = '', who = '', action = '', when = 'week' } = c.req.query()
  return {
    q: q.trim().slice(0, longestText),
    who,
    action: Object.hasOwn(auditGroups, action) ? action : '',
    when: Object.hasOwn(whenChoices, when) ? when : 'week',
  }
}

function filterOf({ now }: Deps, { q, who, action, when }: ChosenAudit): AuditFilter {
  const since = { today: startOfDay(now()), week: startOfDay(now(), -7) }[when]
  const actions = auditGroups[action]
  return {
    ...(q === '' ? {} : { text: q }),
    ...(who === '' ? {} : { actor: who }),
    ...(actions === undefined ? {} : { actions }),
    ...(since === undefined ? {} : { since }),
  }
}

async function draw(c: Context, deps: Deps) {
  const { store, config } = deps
  const chosen = readChosen(c)
  const asked = filterOf(deps, chosen)
  const { entries, next } = await store.entries(asked, pageLength, c.req.query('before') ?? null)
  const people = await store.people(mostChoices, null)
  const owners = entries.flatMap(({ subjectOwner }) => subjectOwner ?? [])
  const names = await deps.accountNames.among([...owners, chosen.who])
  const actors = people.map(({ id, handle }) => [id, handle] as const)
  const shown = new Map([...actors, ...(chosen.who === '' ? [] : [...names].slice(-1))])
  return page(
    c,
    deps,
    <AuditPage
      {...{ chosen, entries, names, next }}
      actors={shown}
      days={Math.round(config.auditMs / 86_400_000)}
    />,
  )
}

const columns = [
  ...['at', 'actor', 'account', 'via', 'address', 'token', 'action', 'subject'],
  ...['owner', 'outcome', 'detail'],
]

async function* csvLines({ store }: Deps, filter: AuditFilter): AsyncGenerator<string> {
  yield csvHead(columns)
  let before: string | null = null
  do {
    const { entries, next } = await store.entries(filter, csvPageLength, before)
    yield csvRows(columns, entries.map(rowOf))
    before = next
  } while (before !== null)
}

function rowOf(entry: AuditEntry): JsonObject {
  const { at, actor, actorName, via, address, token, action } = entry
  return {
    at: isoTime(at),
    actor: actorName,
    account: actor,
    via,
    address,
    token,
    action: auditActions[action],
    subject: entry.subject,
    owner: entry.subjectOwner,
    outcome: entry.outcome,
    detail: entry.detail,
  }
}
