import type { ListPage } from '../../src/domain/model/order.ts'
import { ListPages } from '../explore/list-pages.tsx'
import { usePaths } from '../site.ts'
import { type ListedModel, ModelCard } from './model-card.tsx'

/** A page of a list of models, and how many there are in all. */
export interface ModelList extends ListPage<ListedModel> {
  readonly count: number
  /** The most that are on a page. */
  readonly length: number
}

/** Models of a collection, with links to its other pages. */
export function ModelGrid({ slug, list }: { slug: string; list: ModelList }) {
  const paths = usePaths()
  const { items, page, pages, length } = list
  const hrefOf = (page: number) => paths.collection(slug) + (page > 1 ? `?page=${page}` : '')
  return (
    <>
      <div class='models-grid'>
        {items.map((listed) => (
          <ModelCard {...listed} />
        ))}
      </div>
      <ListPages page={page} pages={pages} length={length} hrefOf={hrefOf} />
    </>
  )
}
