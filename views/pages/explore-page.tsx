import type { FoundText } from '../../src/domain/model/found-text.ts'
import type { Makes } from '../../src/domain/model/makes.ts'
import type { ListPage } from '../../src/domain/model/order.ts'
import { ElsewhereLater } from '../explore/elsewhere.tsx'
import { Excerpt } from '../explore/excerpt.tsx'
import { ListPages } from '../explore/list-pages.tsx'
import { Kinds, NoModels, NothingFound, Orders, Owners } from '../explore/parts.tsx'
import { type ExploreQuery, exploreHref, isFront } from '../explore/query.ts'
import { Sections, type ShownSections } from '../explore/sections.tsx'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { Found } from '../model/found.tsx'
import { type ListedModel, ModelCard } from '../model/model-card.tsx'
import { SearchField } from '../search-field.tsx'
import { usePaths } from '../site.ts'

export interface ExplorePageProps {
  readonly query: ExploreQuery
  /** The models of the page. */
  readonly list: ListPage<ListedModel & { readonly found: FoundText | null }>
  /** How many models there are on all pages. */
  readonly count: number
  /** How many are on a page. */
  readonly length: number
  /** The sections above the list on the front page. */
  readonly sections: ShownSections
  /** The number of models that are still loading. They are not in the list. */
  readonly reading: number
  /** Whether the viewer has run nothing yet. */
  readonly isFirstVisit: boolean
  /** The kinds of things that models make, with the number of models. */
  readonly kinds: readonly { readonly makes: Makes; readonly count: number }[]
  /** The label of the service that can be searched, too; null for none. */
  readonly elsewhere: string | null
  /** The owners, with the number of their models. */
  readonly owners: readonly { readonly slug: string; readonly count: number }[]
}

/** All models, or those that a search finds. */
export function ExplorePage(props: ExplorePageProps) {
  const { query, reading, kinds, sections, elsewhere, owners, isFirstVisit } = props
  const paths = usePaths()
  const refresh = reading > 0 && (
    <noscript>
      <meta http-equiv='refresh' content={String(refreshSeconds)} />
    </noscript>
  )
  return (
    <Layout title='Explore' current='explore' head={refresh}>
      <header class='page-head'>
        <h1 id='heading'>{headingOf(props)}</h1>
        {isFirstVisit && isFront(query) && (
          <p class='lede'>
            Choose a model, fill in its form and press Run. Results are kept under Predictions, each
            with its own link.
          </p>
        )}
        <form class='search-big' role='search' action={paths.home()}>
          <SearchField placeholder='Search names, inputs and READMEs' value={query.q} />
        </form>
        <Kinds kinds={kinds} query={query} />
      </header>
      <Found reading={reading} again={exploreHref(paths, query, { page: query.page })}>
        <Sections sections={sections} />
        <List {...props} />
        {query.q !== '' && query.page === 1 && elsewhere !== null && (
          <ElsewhereLater label={elsewhere} q={query.q} />
        )}
        {isFront(query) && <Owners owners={owners} />}
      </Found>
    </Layout>
  )
}

function List({ query, list, count, length, reading }: ExplorePageProps) {
  const paths = usePaths()
  if (list.items.length === 0) {
    if (reading > 0) return null
    return isFront(query) ? <NoModels /> : <NothingFound />
  }
  return (
    <>
      <section class='models' aria-labelledby='all'>
        <header class='section-head'>
          <h2 id='all'>{query.q === '' ? 'All models' : 'Results'}</h2>
          {query.q !== '' && <a href={paths.home()}>All models</a>}
          {query.q === '' && count > 1 && <Orders query={query} />}
        </header>
        <div class='models-grid'>
          {list.items.map(({ found, ...listed }) => (
            <ModelCard {...listed} excerpt={found && <Excerpt found={found} />} />
          ))}
        </div>
      </section>
      <ListPages
        page={list.page}
        pages={list.pages}
        length={length}
        hrefOf={(page) => exploreHref(paths, query, { page })}
      />
    </>
  )
}

/** Without scripts the page reloads after this while models are loading. */
const refreshSeconds = 3

function headingOf({ count, reading, query }: ExplorePageProps): string {
  const { q } = query
  if (count === 0 && reading > 0) return 'Loading models'
  if (count === 0) return q === '' ? 'No models yet' : `No model for “${q}”`
  return q === ''
    ? `${plural(count, 'model')}, ready to try`
    : `${plural(count, 'model')} for “${q}”`
}
