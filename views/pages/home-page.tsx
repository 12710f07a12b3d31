import type { Model, Warmth } from '../../src/domain/model.ts'
import { plural } from '../format.ts'
import { Layout, Pit } from '../layout.tsx'
import { ModelCard } from '../model-head.tsx'
import { usePaths } from '../site.ts'

export interface HomePageProps {
  readonly models: readonly { readonly model: Model; readonly warmth: Warmth }[]
  /** What was searched for; empty for every model. */
  readonly query: string
}

/** Every model, ready to be tried. */
export function HomePage({ models, query }: HomePageProps) {
  const paths = usePaths()
  const none = query === '' ? 'No models yet' : `No model for “${query}”`
  const ready = query === '' ? ', ready to try' : ` for “${query}”`
  const heading = models.length === 0 ? none : plural(models.length, 'model') + ready
  return (
    <Layout title='Explore' current='explore'>
      <header class='page-head'>
        <h1>{heading}</h1>
        <form class='search-big' role='search' action={paths.home()}>
          <label class='visually-hidden' for='q'>
            Search models
          </label>
          <input
            id='q'
            name='q'
            type='search'
            value={query}
            placeholder='Search by name or what it does'
          />
        </form>
      </header>
      {models.length === 0 ? (
        query === '' ? (
          <NoModels />
        ) : (
          <NothingFound />
        )
      ) : (
        <section class='models' aria-labelledby='all'>
          <header class='section-head'>
            <h2 id='all'>{query === '' ? 'All models' : 'Found'}</h2>
          </header>
          <div class='models-grid'>
            {models.map(({ model, warmth }) => (
              <ModelCard model={model} warmth={warmth} />
            ))}
          </div>
        </section>
      )}
    </Layout>
  )
}

function NothingFound() {
  const paths = usePaths()
  return (
    <div class='empty'>
      <Pit />
      <p>Nothing in the names or descriptions fits.</p>
      <a class='button' href={paths.home()}>
        See all models
      </a>
    </div>
  )
}

function NoModels() {
  return (
    <div class='empty'>
      <Pit />
      <h2>A model is a folder</h2>
      <p>
        Put a folder with a <code>model.ts</code> into one of the folders that{' '}
        <code>SANDPIT_MODELS</code> names. It appears here when the file is saved.
      </p>
    </div>
  )
}
