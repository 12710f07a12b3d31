import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { Found } from '../model/found.tsx'
import { ModelGrid, type ModelList } from '../model/model-grid.tsx'
import { usePaths } from '../site.ts'

interface OwnerPageProps {
  readonly owner: string
  readonly list: ModelList
  /** The number of models that are still loading. */
  readonly reading: number
}

/** The models of one owner. */
export function OwnerPage({ owner, list, reading }: OwnerPageProps) {
  const paths = usePaths()
  return (
    <Layout title={owner} current='explore'>
      <header class='page-head'>
        <h1 id='heading'>{`${plural(list.count, 'model')} by ${owner}`}</h1>
      </header>
      <Found reading={reading} again={paths.collection(owner)}>
        <section class='models' aria-labelledby='all'>
          <header class='section-head'>
            <h2 id='all'>Models</h2>
            <a href={paths.home()}>All models</a>
          </header>
          <ModelGrid slug={owner} list={list} />
        </section>
      </Found>
    </Layout>
  )
}
