import type { Makes } from '../../src/domain/model/makes.ts'
import { orders } from '../../src/domain/model/order.ts'
import { Pit } from '../layout.tsx'
import { makesNames } from '../model/model-card.tsx'
import { usePaths } from '../site.ts'
import { type ExploreQuery, exploreHref } from './query.ts'

interface KindsProps {
  readonly kinds: readonly { readonly makes: Makes; readonly count: number }[]
  readonly query: ExploreQuery
}

/** Links to the models that make one kind of thing. */
export function Kinds({ kinds, query }: KindsProps) {
  const paths = usePaths()
  if (kinds.length < 2) return null
  return (
    <nav class='tasks' aria-label='What models make'>
      {kinds.map(({ makes, count }) => (
        <a
          href={exploreHref(paths, query, { makes: makes === query.makes ? null : makes })}
          aria-current={makes === query.makes ? 'true' : undefined}
        >
          {capitalized(makesNames[makes])} <span class='n'>{count}</span>
        </a>
      ))}
    </nav>
  )
}

const orderNames = { popular: 'Popular', new: 'New', name: 'Name' }

/** Links to the orders of the list. */
export function Orders({ query }: { query: ExploreQuery }) {
  const paths = usePaths()
  return (
    <nav class='tasks' aria-label='Order'>
      {orders.map((sort) => (
        <a
          href={exploreHref(paths, query, { sort })}
          aria-current={sort === (query.sort ?? 'popular') ? 'true' : undefined}
        >
          {orderNames[sort]}
        </a>
      ))}
    </nav>
  )
}

interface OwnersProps {
  readonly owners: readonly { readonly slug: string; readonly count: number }[]
}

/** Links to the models of each owner. */
export function Owners({ owners }: OwnersProps) {
  const paths = usePaths()
  if (owners.length < 2) return null
  return (
    <section class='models' aria-labelledby='owners'>
      <header class='section-head'>
        <h2 id='owners'>Owners</h2>
      </header>
      <nav class='tasks' aria-labelledby='owners'>
        {owners.map(({ slug, count }) => (
          <a href={paths.collection(slug)}>
            {slug} <span class='n'>{count}</span>
          </a>
        ))}
      </nav>
    </section>
  )
}

export function NothingFound() {
  const paths = usePaths()
  return (
    <div class='empty'>
      <Pit />
      <p>No name, description, input or README matches.</p>
      <a class='button' href={paths.home()}>
        View all models
      </a>
    </div>
  )
}

export function NoModels() {
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

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
