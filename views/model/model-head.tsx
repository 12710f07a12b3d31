import { isDown, type Model, type Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ModelName } from '../format.tsx'
import { Pit } from '../layout.tsx'
import { usePaths, useSite } from '../site.ts'

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
      <ModelCover model={model} linked />
      <div class='model-text'>
        <h1 class='model-name'>
          <ModelName model={model.ref} ownerHref={paths.collection(model.ref.owner)} />
        </h1>
        <p class='lede'>{model.description}</p>
        <ModelFacts model={model} warmth={warmth} />
      </div>
    </header>
  )
}

/** One model in a list. */
export function ModelCard({ model, warmth }: { model: Model; warmth: Warmth }) {
  const paths = usePaths()
  return (
    <article class='model-card'>
      <ModelCover model={model} />
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

function ModelCover({ model, linked = false }: { model: Model; linked?: boolean }) {
  const paths = usePaths()
  const { cover, ref } = model
  if (!cover)
    return (
      <div class='cover'>
        <Pit />
      </div>
    )
  const alt = linked ? `Cover of ${modelName(ref)}` : ''
  return (
    <div class='cover'>
      <img src={paths.modelFile(ref, cover)} alt={alt} width='720' height='480' />
    </div>
  )
}

/** The warmth and the provider of a model. */
export function ModelFacts({ model, warmth }: { model: Model; warmth: Warmth }) {
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
    </div>
  )
}
