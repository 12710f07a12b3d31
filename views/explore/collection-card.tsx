import type { Collection } from '../../src/domain/model/collection.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { plural } from '../format.tsx'
import { CoverImage } from '../model/cover.tsx'
import { usePaths } from '../site.ts'

const mostCovers = 3

/** A collection in a list, with the covers of its first models in one. */
export function CollectionCard({ collection }: { collection: Collection<Model> }) {
  const { slug, title, description, models } = collection
  const covers = models.slice(0, models.length < mostCovers ? 1 : mostCovers)
  return (
    <article class='model-card'>
      <div class={covers.length > 1 ? 'cover many' : 'cover'}>
        {covers.map((model) => (
          <CoverImage model={model} lazy />
        ))}
      </div>
      <h3 class='title'>
        <a href={usePaths().collection(slug)}>{title}</a>
      </h3>
      <p>{description}</p>
      <div class='facts'>
        <span>{plural(models.length, 'model')}</span>
      </div>
    </article>
  )
}
