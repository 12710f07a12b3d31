import { type Context, Hono } from 'hono'
import { PeoplePage } from '../../../views/people/people-page.tsx'
import type { PersonLine } from '../../../views/people/people-table.tsx'
import type { Deps } from '../../deps.ts'
import type { Person } from '../../domain/people/person.ts'
import { standingOf } from '../../domain/people/standing.ts'
import { startOfDay } from '../../domain/people/usage.ts'
import { page } from '../request/page.tsx'
import { machineViewers } from '../request/tokens.ts'
import { perDayText, type Refusal, savePeople, shutOut } from './save-people.ts'

const pageLength = 50
const longestText = 200

/** The people who use this server. Below `/settings`, which is for operators alone. */
export function peopleRoutes(deps: Deps) {
  const { paths } = deps
  return new Hono()
    .get('/settings/people', (c) => draw(c, deps, null))
    .post('/settings/people', async (c) => {
      const [press = '', handle = ''] = (c.get('formFields').get('press') ?? '').split(' ')
      const refused =
        press === 'disable' || press === 'enable'
          ? await shutOut(c, deps, handle, press === 'disable')
          : await savePeople(c, deps)
      if (refused === 'unknown') return c.notFound()
      if (refused) return draw(c, deps, refused)
      const query = new URL(c.req.url).search
      return c.redirect(`${paths.people()}${query}`, 303)
    })
}

async function draw(c: Context, deps: Deps, refused: Refusal | null) {
  const { store, config } = deps
  const q = (c.req.query('q') ?? '').trim().slice(0, longestText)
  const after = c.req.query('after') || null
  const found = await store.people(pageLength + 1, after, q)
  const people = found.slice(0, pageLength)
  const next = found.length > pageLength ? (people.at(-1)?.handle ?? null) : null
  const typed = c.get('formFields') as ReadonlyMap<string, string> | undefined
  const lines = people.map(async (person): Promise<PersonLine> => {
    const typedIn = (name: string) => (refused && typed?.get(`${name}-${person.handle}`)) ?? null
    return {
      ...(await lineOf(deps, person)),
      typedRole: typedIn('role'),
      typedPerDay: typedIn('quota'),
      error: errorOf(refused, person),
    }
  })
  return page(
    c,
    deps,
    <PeoplePage
      {...{ q, after, next }}
      lines={await Promise.all(lines)}
      auth={config.auth.kind}
      groups={config.standing.groups}
      machines={machineViewers(config).map(({ id }) => id)}
    />,
    refused ? 422 : 200,
  )
}

function errorOf(refused: Refusal | null, { handle }: Person): string | null {
  return refused?.handle === handle ? refused.sentence : null
}

async function lineOf(
  { config, store, now }: Deps,
  person: Person,
): Promise<Omit<PersonLine, 'typedRole' | 'typedPerDay' | 'error'>> {
  const { standing, quota } = config
  const { runs } = await store.usedSince(person.id, startOfDay(now()))
  const { role, namespaces } = standingOf(standing, person)
  const byGroups = standingOf(standing, { ...person, role: null }).role
  return {
    person,
    role,
    byGroups,
    namespaces: namespaces.slice(1),
    runsToday: runs,
    perDay: perDayText(person.quota),
    perDayByRole: role === 'operator' ? '' : perDayText(quota),
  }
}
