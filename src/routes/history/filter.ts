import type { Context } from 'hono'
import {
  type ChosenFilter,
  statusFilters,
  whenFilters,
  withFilters,
} from '../../../views/history/chosen.ts'
import type { Deps } from '../../deps.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { statuses, statusGroup } from '../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../store/store.ts'
import { visibleTo } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { dayIn, startOfDay } from './days.ts'

/** The filter in a query. Values that are not known do not filter. */
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
    who: known('who', { me: '' }),
    when: known('when', whenFilters),
    from: day('from'),
    to: day('to'),
    with: known('with', withFilters),
    view: known('view', { grid: '' }),
  }
}

/** The predictions of a filter that the viewer may see. Sub-runs are asked for by name alone. */
export function filterOf(c: Context, deps: Deps, chosen: ChosenFilter): PredictionFilter {
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
    ...(chosen.who === 'me' ? { createdBy: viewer.id } : {}),
    ...(isStarred ? { favouriteOf: viewer.id } : {}),
    ...(chosen.with === 'file' ? { hasFiles: true } : {}),
    ...(model || isStarred || chosen.q !== '' ? {} : { isTop: true }),
  }
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
