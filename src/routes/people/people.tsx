import { type Context, Hono } from 'hono'
import { PeoplePage } from '../../../views/people/people-page.tsx'
import type { PersonLine } from '../../../views/people/person-controls.tsx'
import { PersonPage } from '../../../views/people/person-page.tsx'
import type { Deps } from '../../deps.ts'
import { namespacesText } from '../../domain/people/given-namespaces.ts'
import type { Person } from '../../domain/people/person.ts'
import { noQuota, quotaFields, quotaTexts } from '../../domain/people/quota.ts'
import { standingOf } from '../../domain/people/standing.ts'
import { startOfDay } from '../../domain/people/usage.ts'
import { page } from '../request/page.tsx'
import { machineViewers } from '../request/tokens.ts'
import { countGroups } from './group-counts.ts'
import { controlName, type FieldErrors } from './person-changes.ts'
import { changePeople } from './save-people.ts'

const pageLength = 50
const longestText = 200

/** The people who use this server. Below `/settings`, which is for operators alone. */
export function peopleRoutes(deps: Deps) {
  const { paths, store } = deps

  async function findPerson(c: Context): Promise<Person | null> {
    const handle = c.req.param('handle') ?? ''
    const people = await store.peopleAmong([handle])
    return people.find((one) => one.handle === handle) ?? null
  }

  return new Hono()
    .get('/settings/people', (c) => drawList(c, deps, {}))
    .post('/settings/people', async (c) => {
      const refused = await changePeople(c, deps)
      if (refused === 'unknown') return c.notFound()
      if (refused) return drawList(c, deps, refused)
      const query = new URL(c.req.url).search
      return c.redirect(`${paths.people()}${query}`, 303)
    })
    .get('/settings/people/:handle', async (c) => {
      const person = await findPerson(c)
      return person ? drawPerson(c, deps, person, {}) : c.notFound()
    })
    .post('/settings/people/:handle', async (c) => {
      const person = await findPerson(c)
      const refused = person ? await changePeople(c, deps) : 'unknown'
      if (!person || refused === 'unknown') return c.notFound()
      if (refused) return drawPerson(c, deps, person, refused)
      return c.redirect(`${paths.person(person.handle)}?saved=yes`, 303)
    })
}

async function drawList(c: Context, deps: Deps, errors: FieldErrors) {
  const { store, config } = deps
  const q = (c.req.query('q') ?? '').trim().slice(0, longestText)
  const after = c.req.query('after') || null
  const found = await store.people(pageLength + 1, after, q)
  const people = found.slice(0, pageLength)
  const next = found.length > pageLength ? (people.at(-1)?.handle ?? null) : null
  const { groups } = config.standing
  return page(
    c,
    deps,
    <PeoplePage
      {...{ q, after, next, groups }}
      lines={await Promise.all(people.map((person) => lineOf(c, deps, person, errors)))}
      auth={config.auth.kind}
      counts={await countGroups(deps)}
      machines={machineViewers(config).map(({ id }) => id)}
    />,
    hasErrors(errors) ? 422 : 200,
  )
}

async function drawPerson(c: Context, deps: Deps, person: Person, errors: FieldErrors) {
  const line = await lineOf(c, deps, person, errors)
  const isSaved = c.req.query('saved') === 'yes' && !hasErrors(errors)
  return page(c, deps, <PersonPage {...{ line, isSaved }} />, hasErrors(errors) ? 422 : 200)
}

function hasErrors(errors: FieldErrors): boolean {
  return Object.keys(errors).length > 0
}

async function lineOf(
  c: Context,
  { config, store, now }: Deps,
  person: Person,
  errors: FieldErrors,
): Promise<PersonLine> {
  const { standing, quota } = config
  const { runs } = await store.usedSince(person.id, startOfDay(now()))
  const { role, namespaces } = standingOf(standing, person)
  const byGroups = standingOf(standing, { ...person, role: null, givenNamespaces: [] })
  const saved = savedTexts(person)
  const fields = c.get('formFields') as ReadonlyMap<string, string> | undefined
  const typed = (setting: string) => fields?.get(controlName(setting, person.handle))
  const errorOf = (setting: string) => errors[controlName(setting, person.handle)]
  const settings = Object.entries(saved).map(([setting, text]) => {
    const shown = hasErrors(errors) ? (typed(setting) ?? text) : text
    return [setting, { saved: text, shown, error: errorOf(setting) ?? null }] as const
  })
  return {
    person,
    role,
    namespaces: namespaces.slice(1),
    byGroups: { role: byGroups.role, namespaces: byGroups.namespaces.slice(1) },
    runsToday: runs,
    settings: Object.fromEntries(settings),
    limitsOfRole: quotaTexts(role === 'operator' ? noQuota : (quota ?? noQuota)),
  }
}

/** What is saved of a person, by setting, as the controls show it. */
function savedTexts({ role, givenNamespaces, quota }: Person): Readonly<Record<string, string>> {
  const limits = quotaTexts(quota)
  return {
    role: role ?? 'groups',
    namespaces: namespacesText(givenNamespaces),
    ...Object.fromEntries(quotaFields.map(({ name }) => [name, limits[name] ?? ''])),
  }
}
