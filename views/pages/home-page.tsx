import type { Model, Warmth } from '../../src/domain/model.ts'
import { plural } from '../format.ts'
import { Layout, Pit } from '../layout.tsx'
import { ModelCard } from '../model-head.tsx'

export interface HomePageProps {
  readonly models: readonly { readonly model: Model; readonly warmth: Warmth }[]
}

/** Every model, ready to be tried. */
export function HomePage({ models }: HomePageProps) {
  const heading =
    models.length === 0 ? 'No models yet' : `${plural(models.length, 'model')}, ready to try`
  return (
    <Layout title='Explore' current='explore'>
      <header class='page-head'>
        <h1>{heading}</h1>
      </header>
      {models.length === 0 ? (
        <NoModels />
      ) : (
        <section class='models' aria-labelledby='all'>
          <header class='section-head'>
            <h2 id='all'>All models</h2>
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
