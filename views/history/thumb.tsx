import { statusGroup } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { usePaths } from '../site.ts'

interface ThumbProps {
  readonly prediction: PredictionSummary
  /** The size in pixels, for the room that the picture takes before it is loaded. */
  readonly size: number
}

/** The first picture that a prediction made; without one, a sign for what it made. */
export function Thumb({ prediction, size }: ThumbProps) {
  const paths = usePaths()
  const picture = pictureOf(prediction)
  return (
    <span class='thumb'>
      {picture ? (
        <img src={paths.file(picture)} alt='' width={size} height={size} loading='lazy' />
      ) : (
        signOf(prediction)
      )}
    </span>
  )
}

export function pictureOf({ made }: PredictionSummary) {
  return made.find(({ type }) => type.startsWith('image/')) ?? null
}

const signs: Readonly<Record<string, string>> = {
  failed: '×',
  canceled: '/',
  audio: '♪',
  video: '▷',
}

/** A sign for how it ended, when that was badly, or for what it made. */
export function signOf(prediction: PredictionSummary): string {
  const { status, snippet, made } = prediction
  const [kind = ''] = made[0]?.type.split('/') ?? []
  const own = signs[statusGroup(status)] ?? signs[kind]
  return own ?? (/^[[{]/.test(snippet ?? '') ? '{ }' : '¶')
}
