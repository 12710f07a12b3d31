/** The filter of the list of predictions as its form has it; empty texts for no filter. */
export interface ChosenFilter {
  /** Words of a search. */
  readonly q: string
  readonly model: string
  readonly status: string
  readonly who: string
  readonly when: string
  /** The first and the last day, as `2026-03-14`. */
  readonly from: string
  readonly to: string
  readonly with: string
  /** `grid`, or the list. */
  readonly view: string
}

type Options = Readonly<Record<string, string>>

/** The values of each choice, and their labels. */
export const statusFilters: Options = {
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
}
export const whenFilters: Options = { today: 'Today', '7d': 'Last 7 days', '30d': 'Last 30 days' }
export const withFilters: Options = { file: 'With a file', favourites: 'Favourites' }

/** A filter in the query of an address, with changes. */
export function queryOf(chosen: ChosenFilter, changes: Readonly<Record<string, string>> = {}) {
  const all = Object.entries({ ...chosen, ...changes })
  const query = new URLSearchParams(all.filter(([, value]) => value !== '')).toString()
  return query === '' ? '' : `?${query}`
}

/** Whether a filter leaves any out. */
export function isNarrowed({ view: _view, ...filter }: ChosenFilter): boolean {
  return Object.values(filter).some((value) => value !== '')
}
