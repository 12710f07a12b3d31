import type { Model, Warmth } from '../../src/domain/model/model.ts'
import type { Paths } from '../../src/paths.ts'
import { plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout, Pit } from '../layout.tsx'
import { ModelCard } from '../model/model-head.tsx'
import { SearchField } from '../search-field.tsx'
import { usePaths } from '../site.ts'

export interface HomePageProps {
  readonly models: readonly { readonly model: Model; readonly warmth: Warmth }[]
  /** The number of models that are still loading. They are not in the list. */
  readonly reading: number
  /** The search query; empty for all models. */
  readonly query: string
  /** The owner of the models; absent for all owners. */
  readonly collection?: string
  /** The owners, with the number of their models. */
  readonly owners: readonly { readonly slug: string; readonly count: number }[]
}

/** The list of all models, or of those of one owner. */
export function HomePage({ models, reading, query, collection, owners }: HomePageProps) {
  const paths = usePaths()
  const refresh = reading > 0 && (
    <noscript>
      <meta http-equiv='refresh' content={String(refreshSeconds)} />
    </noscript>
  )
  return (
    <Layout title={collection ?? 'Explore'} current='explore' head={refresh}>
      <header class='page-head'>
        <h1 id='heading'>{headingOf({ models, reading, query, collection })}</h1>
        <form class='search-big' role='search' action={paths.home()}>
          <SearchField value={query} placeholder='Search by name or what it does' />
        </form>
        {owners.length > 1 && <Owners owners={owners} />}
      </header>
      <div id='found' {...(reading > 0 ? asksAgain(paths, query, collection) : {})}>
        {reading > 0 && (
          <p class='hint' role='status'>
            {plural(reading, 'more model')} {reading === 1 ? 'is' : 'are'} still loading and will
            appear here.
          </p>
        )}
        {models.length > 0 ? (
          <section class='models' aria-labelledby='all'>
            <header class='section-head'>
              <h2 id='all'>{collection ? 'Models' : query === '' ? 'All models' : 'Results'}</h2>
              {collection && <a href={paths.home()}>All models</a>}
            </header>
            <div class='models-grid'>
              {models.map(({ model, warmth }) => (
                <ModelCard model={model} warmth={warmth} />
              ))}
            </div>
          </section>
        ) : (
          reading === 0 && (query === '' ? <NoModels /> : <NothingFound />)
        )}
      </div>
    </Layout>
  )
}

/** Without scripts the page reloads after this while models are loading. */
const refreshSeconds = 3

/** The list reloads until all models are in it. */
function asksAgain(paths: Paths, query: string, collection: string | undefined) {
  const list = collection === undefined ? paths.home() : paths.collection(collection)
  return hx({
    get: query === '' ? list : `${list}?${new URLSearchParams({ q: query })}`,
    trigger: 'load delay:1s',
    select: '#found',
    'select-oob': '#heading',
    target: '#found',
    swap: 'outerHTML',
  })
}

function headingOf({
  models,
  reading,
  query,
  collection,
}: Pick<HomePageProps, 'models' | 'reading' | 'query'> & {
  collection: string | undefined
}): string {
  if (models.length === 0 && reading > 0) return 'Loading models'
  if (models.length === 0) return query === '' ? 'No models yet' : `No model for “${query}”`
  const count = plural(models.length, 'model')
  if (collection !== undefined) return `${count} by ${collection}`
  return query === '' ? `${count}, ready to try` : `${count} for “${query}”`
}

/** Links to the models of each owner. */
function Owners({ owners }: Pick<HomePageProps, 'owners'>) {
  const paths = usePaths()
  return (
    <nav class='tasks' aria-label='Owners'>
      {owners.map(({ slug, count }) => (
        <a href={paths.collection(slug)}>
          {slug} <span class='n'>{count}</span>
        </a>
      ))}
    </nav>
  )
}

function NothingFound() {
  const paths = usePaths()
  return (
    <div class='empty'>
      <Pit />
      <p>No name or description matches.</p>
      <a class='button' href={paths.home()}>
        View all models
      </a>
    </div>
  )
}

function NoModels() {
  return (
    <div class='empty'>
      <Pit />
      <h2>Add your first model</h2>
      <p>
        Put a folder that contains a <code>model.ts</code> in one of the <code>SANDPIT_MODELS</code>{' '}
        folders. It appears here as soon as you save the file.
      </p>
    </div>
  )
}
