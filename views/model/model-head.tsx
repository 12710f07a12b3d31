import type { PropsWithChildren } from 'hono/jsx'
import { isDown, type Model, type Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ModelName } from '../format.tsx'
import { usePaths, useSite } from '../site.ts'
import { Cover } from './cover.tsx'
import { Links, Tags } from './model-links.tsx'

export const warmthNames: Readonly<Record<Warmth, string>> = {
  warm: 'Warm',
  busy: 'Busy',
  booting: 'Booting',
  cold: 'Cold',
  failed: 'Failed',
}

/** The head of every page of a model. */
export function ModelHead({ model, warmth }: { model: Model; warmth: Warmth }) {
  const paths = usePaths()
  return (
    <header class='model-head'>
      <Cover model={model} alt={`Cover of ${modelName(model.ref)}`} />
      <div class='model-text'>
        <h1 class='model-name'>
          <ModelName model={model.ref} ownerHref={paths.collection(model.ref.owner)} />
        </h1>
        <p class='lede'>{model.description}</p>
        <ModelFacts model={model} warmth={warmth}>
          <Links links={model.links} />
          <Tags model={model} />
        </ModelFacts>
      </div>
    </header>
  )
}

/** One model in a list. */
export function ModelCard({ model, warmth }: { model: Model; warmth: Warmth }) {
  const paths = usePaths()
  return (
    <article class='model-card'>
      <Cover model={model} lazy />
      <h3>
        <a href={paths.model(model.ref)}>
          <ModelName model={model.ref} />
        </a>
      </h3>
      <p>{model.description}</p>
      <ModelFacts model={model} warmth={warmth} />
    </article>
  )
}

/** The warmth and the provider of a model, and more. */
export function ModelFacts({
  model,
  warmth,
  children,
}: PropsWithChildren<{ model: Model; warmth: Warmth }>) {
  const { providerLabels } = useSite()
  return (
    <div class='facts'>
      {model.broken !== null || isDown(warmth) ? (
        <span class='status' data-status='failed'>
          {model.broken === null ? warmthNames[warmth] : 'Broken'}
        </span>
      ) : (
        <span class='warmth' data-state={warmth}>
          {warmthNames[warmth]}
        </span>
      )}{' '}
      <span>{providerLabels[model.provider] ?? model.provider}</span>
      {children}
    </div>
  )
}
