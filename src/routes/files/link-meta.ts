import type { LinkMetaProps } from '../../../views/record/link-meta.tsx'
import type { StoredFile } from '../../domain/file/file.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles, summaryOf } from '../../domain/prediction/summary.ts'
import type { Paths } from '../../paths.ts'

/** Where previews of a link find the page of a prediction, its files, and a picture of it. */
interface LinkedPaths extends Pick<Paths, 'prediction' | 'file'> {
  picture(file: StoredFile): string
}

/** The page of a prediction as it is described to previews of its link. */
export function linkMeta(
  origin: string,
  prediction: Prediction,
  paths: LinkedPaths,
): LinkMetaProps {
  const picture = pictureOf(prediction)
  const video = firstMade(prediction, 'video')
  const media = video ?? firstMade(prediction, 'audio')
  return {
    model: prediction.model,
    address: origin + paths.prediction(prediction.id),
    summary: summaryOf(prediction),
    picture: picture && origin + paths.picture(picture),
    media: media && {
      kind: video ? 'video' : 'audio',
      type: media.type,
      address: origin + paths.file(media),
    },
  }
}

/** The first picture that a prediction made; null until it has settled. */
export function pictureOf(prediction: Prediction): StoredFile | null {
  return firstMade(prediction, 'image')
}

function firstMade(prediction: Prediction, kind: 'image' | 'video' | 'audio'): StoredFile | null {
  if (!isSettled(prediction)) return null
  return madeFiles(prediction).find(({ type }) => type.startsWith(`${kind}/`)) ?? null
}
