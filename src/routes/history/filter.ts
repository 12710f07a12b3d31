import type { Context } from 'hono'
import {
  type ChosenFilter,
  statusFilters,
  whenFilters,
  withFilters,
} from '../../../views/history/chosen.ts'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { accountOfNamespace } from '../../domain/people/account.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { mayOperate } from '../../domain/policy.ts'
import { statuses, statusGroup } from '../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../store/store.ts'
import { visibleTo } from '../request/rights.ts'
import { machineViewers } from '../request/tokens.ts'
import { viewerOf } from '../request/viewer.ts'
import { dayIn, startOfDay } from './days.ts'

/** The filter in a query. Values that are not known do not filter; a maker who is not known finds nothing. */
export function readChosen(c: Context): ChosenFilter {
  const query = c.req.query()
  const text = (name: string) => query[name] ?? ''
  const known = (name: string, options: Readonly<Record<string, string>>) =>
    Object.hasOwn(options, text(name)) ? text(name) : ''
  const day = (name: string) => (dayIn(text(name)) === null ? '' : text(name))
  return {
    q: text('q').trim(),
    model: parseModelRef(text('model')) ? text('model') : '',
    status: known('status', statusFilters),
    who: text('who').slice(0, longestWho),
    when: known('when', whenFilters),
    from: day('from'),
    to: day('to'),
    with: known('with', withFilters),
    view: known('view', { grid: '' }),
  }
}

const longestWho = 200

/** The predictions of a filter that the viewer may see. Sub-runs are asked for by name alone. */
export async function filterOf(
  c: Context,
  deps: Deps,
  chosen: ChosenFilter,
): Promise<PredictionFilter> {
  const viewer = viewerOf(c, deps)
  const model = parseModelRef(chosen.model)
  const wanted = statuses.filter((status) => statusGroup(status) === chosen.status)
  const isStarred = chosen.with === 'favourites'
  return {
    ...timesOf(chosen, deps.now()),
    ...visibleTo(deps, viewer),
    ...(chosen.q === '' ? {} : { text: chosen.q }),
    ...(model ? { model } : {}),
    ...(wanted.length > 0 ? { statuses: wanted } : {}),
    ...(await makersOf(deps, viewer, chosen.who)),
    ...(isStarred ? { favouriteOf: viewer.id } : {}),
    ...(chosen.with === 'file' ? { hasFiles: true } : {}),
    ...(model || isStarred || chosen.q !== '' ? {} : { isTop: true }),
  }
}

/** Who made those that are listed: `me`, `api`, a group for which the viewer acts, a handle, an account. */
async function makersOf(
  { config, store }: Deps,
  viewer: Viewer,
  who: string,
): Promise<Pick<PredictionFilter, 'createdBy' | 'account' | 'source'>> {
  if (who === 'me') return { createdBy: viewer.id }
  if (who === 'api') return { source: 'api' }
  if (who === '' || !hasPeople(config)) return {}
  if (namespacesOf(viewer).includes(who)) return { account: accountOfNamespace(who) }
  const people = await store.peopleAmong([who])
  const person = people.find(({ handle }) => handle === who)
  const machine = machineViewers(config).find(({ id }) => id === who)
  // A name of nobody finds nothing: all that a filter finds can be deleted.
  return { createdBy: (person ?? machine)?.id ?? nobodysId }
}

/** Has the form of no account. */
const nobodysId = 'token:'

/** The groups for which a viewer acts. */
function namespacesOf({ kind, namespaces }: Viewer): readonly string[] {
  return kind === 'person' ? namespaces.slice(1) : []
}

const mostPeople = 200

/** The makers to choose from, as values with their words: all people for operators alone. */
export async function makerChoices(
  c: Context,
  deps: Deps,
  { who }: ChosenFilter,
): Promise<Readonly<Record<string, string>>> {
  const viewer = viewerOf(c, deps)
  const listsPeople = hasPeople(deps.config) && mayOperate(viewer)
  const people = listsPeople ? await deps.store.people(mostPeople, null) : []
  const others = people.filter(({ id }) => id !== viewer.id).map(({ handle }) => handle)
  const isOther = hasPeople(deps.config) && !['', 'me', 'api'].includes(who)
  const chosen = isOther ? [who] : []
  const names = [...namespacesOf(viewer), ...others, ...chosen]
  return { me: 'Me', ...Object.fromEntries(names.map((name) => [name, name])), api: 'API' }
}

const daysBack: Readonly<Record<string, number>> = { today: 0, '7d': 7, '30d': 30 }

function timesOf({ when, from, to }: ChosenFilter, now: number) {
  const back = daysBack[when]
  const starts = [back === undefined ? null : startOfDay(now, -back), dayIn(from)]
  const first = Math.max(...starts.map((moment) => moment ?? -1))
  const last = dayIn(to)
  return {
    // The store's bounds are exclusive.
    ...(first === -1 ? {} : { createdAfter: first - 1 }),
    ...(last === null ? {} : { createdBefore: startOfDay(last, 1) }),
  }
}
