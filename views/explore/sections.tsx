import type { Child } from 'hono/jsx'
import type { Collection } from '../../src/domain/model/collection.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { Moment } from '../format.tsx'
import { CardFrame, type ListedModel, ModelCard, WarmthFact } from '../model/model-card.tsx'
import { usePaths } from '../site.ts'
import { CollectionCard } from './collection-card.tsx'

/** The sections above the list of all models; empty ones are left out. */
export interface ShownSections {
  /** The models that the viewer ran last, each with the time of that run. */
  readonly recent: readonly (ListedModel & { readonly at: number })[]
  /** Those that operators put together. */
  readonly collections: readonly Collection<Model>[]
  readonly popular: readonly ListedModel[]
  readonly fresh: readonly ListedModel[]
}

export function Sections({ sections }: { sections: ShownSections }) {
  const { recent, collections, popular, fresh } = sections
  const paths = usePaths()
  const byRuns = <a href={`${paths.home()}?sort=popular`}>All by runs</a>
  const byAge = <a href={`${paths.home()}?sort=new`}>All by age</a>
  return (
    <>
      {recent.length > 0 && <Recent recent={recent} />}
      {collections.length > 0 && (
        <Section id='collections' title='Collections'>
          {collections.map((collection) => (
            <CollectionCard collection={collection} />
          ))}
        </Section>
      )}
      {popular.length > 0 && (
        <Section id='popular' title='Popular' more={byRuns}>
          {popular.map((listed) => (
            <ModelCard {...listed} />
          ))}
        </Section>
      )}
      {fresh.length > 0 && (
        <Section id='new' title='New' more={byAge}>
          {fresh.map((listed) => (
            <ModelCard {...listed} />
          ))}
        </Section>
      )}
    </>
  )
}

function Recent({ recent }: Pick<ShownSections, 'recent'>) {
  const all = <a href={`${usePaths().predictions()}?who=me`}>Your predictions</a>
  return (
    <Section id='recent' title='Used by you' more={all} slim>
      {recent.map(({ model, warmth, at }) => (
        <CardFrame model={model}>
          <WarmthFact model={model} warmth={warmth} />{' '}
          <span>
            <Moment at={at} shows='day' />
          </span>
        </CardFrame>
      ))}
    </Section>
  )
}

interface SectionProps {
  readonly id: string
  readonly title: string
  /** The link to more of it. */
  readonly more?: Child
  readonly slim?: boolean
  readonly children: Child
}

function Section({ id, title, more, slim = false, children }: SectionProps) {
  return (
    <section class='models' aria-labelledby={id}>
      <header class='section-head'>
        <h2 id={id}>{title}</h2>
        {more}
      </header>
      <div class={slim ? 'models-grid slim' : 'models-grid'}>{children}</div>
    </section>
  )
}
