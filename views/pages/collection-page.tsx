import type { Collection } from '../../src/domain/model/collection.ts'
import { plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { Markdown } from '../markdown.tsx'
import { type ListedModel, ModelCard } from '../model/model-card.tsx'
import { useSite } from '../site.ts'

interface CollectionPageProps {
  readonly collection: Collection<ListedModel>
}

/** A collection that an operator made, with its models. */
export function CollectionPage({ collection }: CollectionPageProps) {
  const { paths, operator } = useSite()
  const { slug, title, summary, models } = collection
  return (
    <Layout title={title} current='explore'>
      <header class='page-head'>
        <h1 dir='auto'>{title}</h1>
        {summary !== null && summary.trim() !== '' && <Markdown text={summary} />}
      </header>
      <section class='models' aria-labelledby='models'>
        <header class='section-head'>
          <h2 id='models'>{plural(models.length, 'model')}</h2>
          {operator && (
            <a class='button bare' href={paths.collectionSetting(slug)}>
              Change
            </a>
          )}
          <a href={paths.home()}>All models</a>
        </header>
        {models.length === 0 ? (
          <div class='empty'>
            <Pit />
            <p>None of the models in this collection can be shown to you.</p>
          </div>
        ) : (
          <div class='models-grid'>
            {models.map((shown) => (
              <ModelCard {...shown} />
            ))}
          </div>
        )}
      </section>
    </Layout>
  )
}
