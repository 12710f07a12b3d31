import { statusGroup } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { usePaths } from '../site.ts'

interface ThumbProps {
  readonly prediction: PredictionSummary
  /** The size in pixels, for the room that the picture takes before it is loaded. */
  readonly size: number
}

/** The thumbnail of a prediction. */
export function Thumb(props: ThumbProps) {
  return (
    <span class='thumb'>
      <ThumbContent {...props} />
    </span>
  )
}

/** The first picture that a prediction made; without one, a sign for what it made. */
export function ThumbContent({ prediction, size }: ThumbProps) {
  const paths = usePaths()
  const picture = pictureOf(prediction)
  if (!picture) return <>{signOf(prediction)}</>
  return <img src={paths.file(picture)} alt='' width={size} height={size} loading='lazy' />
}

export function pictureOf({ made }: PredictionSummary) {
  return made.find(({ type }) => type.startsWith('image/')) ?? null
}

const signs: Readonly<Record<string, string>> = {
  failed: '×',
  canceled: '/',
  running: '…',
  audio: '♪',
  video: '▷',
}

/** A sign for a prediction that runs or ended badly, else for what it made. */
function signOf(prediction: PredictionSummary): string {
  const { status, snippet, made } = prediction
  const [kind = ''] = made[0]?.type.split('/') ?? []
  const own = signs[statusGroup(status)] ?? signs[kind]
  return own ?? (/^[[{]/.test(snippet ?? '') ? '{ }' : '¶')
}
