import type { Child } from 'hono/jsx'
import type { Makes } from '../../src/domain/model/makes.ts'
import { isDown, type Model, type Warmth } from '../../src/domain/model/model.ts'
import { formatSeconds, ModelName, plural } from '../format.tsx'
import { usePaths } from '../site.ts'
import { Cover } from './cover.tsx'
import { warmthNames } from './model-head.tsx'
import { PrivateTag } from './private-tag.tsx'

/** A model with what its card says of it. */
export interface ListedModel {
  readonly model: Model
  readonly warmth: Warmth
  readonly makes: Makes
  readonly runs: number
  /** How long its last runs typically took, in milliseconds; null when it has none. */
  readonly typicalMs: number | null
}

export const makesNames: Readonly<Record<Makes, string>> = {
  image: 'pictures',
  text: 'text',
  audio: 'audio',
  video: 'video',
  '3d': '3D',
  data: 'data',
  file: 'files',
}

interface ModelCardProps extends ListedModel {
  /** Below its description: the text that a search found. */
  readonly excerpt?: Child
}

/** One model in a list. */
export function ModelCard({ excerpt, ...listed }: ModelCardProps) {
  const { model, warmth, makes, runs, typicalMs } = listed
  return (
    <CardFrame model={model} excerpt={excerpt}>
      <WarmthFact model={model} warmth={warmth} /> <span>{makesNames[makes]}</span>{' '}
      <span>{runs === 0 ? 'no runs yet' : plural(runs, 'run')}</span>
      {typicalMs !== null && <span>{formatSeconds(typicalMs / 1000)}</span>}
    </CardFrame>
  )
}

interface CardFrameProps {
  readonly model: Model
  readonly excerpt?: Child
  /** Its facts. */
  readonly children: Child
}

/** The card of a model around its facts. */
export function CardFrame({ model, excerpt, children }: CardFrameProps) {
  return (
    <article class='model-card'>
      <Cover model={model} lazy />
      <h3>
        <a href={usePaths().model(model.ref)}>
          <ModelName model={model.ref} />
        </a>
      </h3>
      <p>{model.description}</p>
      {excerpt}
      <div class='facts'>
        {children} <PrivateTag visibility={model.visibility} />
      </div>
    </article>
  )
}

/** Whether a model is warm, or that it cannot run. */
export function WarmthFact({ model, warmth }: Pick<ListedModel, 'model' | 'warmth'>) {
  if (model.broken !== null || isDown(warmth))
    return (
      <span class='status' data-status='failed'>
        {model.broken === null ? warmthNames[warmth] : 'Broken'}
      </span>
    )
  return (
    <span class='warmth' data-state={warmth}>
      {warmthNames[warmth]}
    </span>
  )
}
