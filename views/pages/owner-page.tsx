import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { Found } from '../model/found.tsx'
import { type ListedModel, ModelCard } from '../model/model-card.tsx'
import { usePaths } from '../site.ts'

interface OwnerPageProps {
  readonly owner: string
  readonly models: readonly ListedModel[]
  /** The number of models that are still loading. */
  readonly reading: number
}

/** The models of one owner. */
export function OwnerPage({ owner, models, reading }: OwnerPageProps) {
  const paths = usePaths()
  return (
    <Layout title={owner} current='explore'>
      <header class='page-head'>
        <h1 id='heading'>{`${plural(models.length, 'model')} by ${owner}`}</h1>
      </header>
      <Found reading={reading} again={paths.collection(owner)}>
        <section class='models' aria-labelledby='all'>
          <header class='section-head'>
            <h2 id='all'>Models</h2>
            <a href={paths.home()}>All models</a>
          </header>
          <div class='models-grid'>
            {models.map((listed) => (
              <ModelCard {...listed} />
            ))}
          </div>
        </section>
      </Found>
    </Layout>
  )
}
