import type { Collection } from '../../src/domain/model/collection.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { Markdown } from '../markdown.tsx'
import { ModelGrid, type ModelList } from '../model/model-grid.tsx'
import { useSite } from '../site.ts'

interface CollectionPageProps {
  readonly collection: Collection<Model>
  readonly list: ModelList
}

/** A collection that an operator made, with its models. */
export function CollectionPage({ collection, list }: CollectionPageProps) {
  const { paths, operator } = useSite()
  const { slug, title, summary } = collection
  return (
    <Layout title={title} current='explore'>
      <header class='page-head'>
        <h1 dir='auto'>{title}</h1>
        {summary !== null && summary.trim() !== '' && <Markdown text={summary} />}
      </header>
      <section class='models' aria-labelledby='models'>
        <header class='section-head'>
          <h2 id='models'>{plural(list.count, 'model')}</h2>
          {operator && (
            <a class='button bare' href={paths.collectionSetting(slug)}>
              Change
            </a>
          )}
          <a href={paths.home()}>All models</a>
        </header>
        {list.count === 0 ? (
          <div class='empty'>
            <Pit />
            <p>There are no models in this collection.</p>
          </div>
        ) : (
          <ModelGrid slug={slug} list={list} />
        )}
      </section>
    </Layout>
  )
}
