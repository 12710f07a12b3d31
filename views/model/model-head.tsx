import type { PropsWithChildren } from 'hono/jsx'
import { makes } from '../../src/domain/model/makes.ts'
import { isDescribed, type Model, type Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ModelName } from '../format.tsx'
import { usePaths, useSite } from '../site.ts'
import { Cover } from './cover.tsx'
import { makesNames, WarmthFact } from './model-card.tsx'
import { Links, Tags } from './model-links.tsx'
import { PrivateTag } from './private-tag.tsx'

export const warmthNames: Readonly<Record<Warmth, string>> = {
  warm: 'Warm',
  busy: 'Busy',
  booting: 'Booting',
  cold: 'Cold',
  failed: 'Failed',
}

/** The head of every page of a model, with more facts. */
export function ModelHead({
  model,
  warmth,
  children,
}: PropsWithChildren<{ model: Model; warmth: Warmth }>) {
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
          {children}
        </ModelFacts>
      </div>
    </header>
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
      <WarmthFact model={model} warmth={warmth} />{' '}
      {isDescribed(model) && <span>makes {makesNames[makes(model)]}</span>}{' '}
      <span>{providerLabels[model.provider] ?? model.provider}</span>{' '}
      <PrivateTag visibility={model.visibility} />
      {children}
    </div>
  )
}
