import { usePaths } from '../site.ts'
import { type ChosenFilter, queryOf } from './chosen.ts'

/** Above the list: all or favourites, the export, and list or grid. */
export function HistoryTools({ chosen }: { chosen: ChosenFilter }) {
  const paths = usePaths()
  const to = (changes: Partial<ChosenFilter>) => paths.predictions() + queryOf(chosen, changes)
  const query = queryOf(chosen, { view: '' })
  const isCurrent = (is: boolean) => (is ? 'true' : undefined)
  const starred = chosen.with === 'favourites'
  return (
    <header class='pane-head'>
      <nav class='tasks' aria-label='Shown'>
        <a href={to({ with: '' })} aria-current={isCurrent(!starred)}>
          All
        </a>{' '}
        <a href={to({ with: 'favourites' })} aria-current={isCurrent(starred)}>
          ★ Favourites
        </a>
      </nav>
      <details class='menu'>
        <summary class='button'>Export</summary>
        <ul>
          <Export action={paths.predictionsJsonl() + query} name='JSONL, whole predictions' />
          <Export action={paths.predictionsCsv() + query} name='CSV, all inputs' />
        </ul>
      </details>
      <a class='button bare' href={paths.matchingDeletion() + query}>
        Delete all…
      </a>
      <nav class='switch' aria-label='View'>
        <a href={to({ view: '' })} aria-current={isCurrent(chosen.view !== 'grid')}>
          List
        </a>
        <a href={to({ view: 'grid' })} aria-current={isCurrent(chosen.view === 'grid')}>
          Grid
        </a>
      </nav>
    </header>
  )
}

/** A form, as each export is in the audit log. */
export function Export({ action, name }: { readonly action: string; readonly name: string }) {
  return (
    <li>
      <form method='post' action={action}>
        <button type='submit'>{name}</button>
      </form>
    </li>
  )
}
