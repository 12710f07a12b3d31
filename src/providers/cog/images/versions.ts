import { imageName } from '../../../domain/model/addresses/image-name.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { SourceVersions } from '../../model-sources.ts'
import { describeImage } from './image-models.ts'
import {
  type ImageSource,
  type ImageVersion,
  imagesOf,
  imageVersionId,
  sourceOfImages,
} from './image-source.ts'

/** The versions of models that are run from images: each image is one. */
export const imageVersions: SourceVersions = {
  of(ref, source) {
    const images = imagesOf(source)
    return (images?.versions ?? []).map((one) => ({
      version: describeImage(ref, one).version,
      isDefault: one === images?.current,
      named: one.named,
      digest: imageName(one.name)?.digest ?? one.image,
    }))
  },
  withDefault(ref, source, id) {
    const found = find(ref, source, id)
    return found && sourceOfImages(found.images.versions, found.version.image)
  },
  without(ref, source, id) {
    const found = find(ref, source, id)
    if (!found || found.version === found.images.current) return null
    const others = found.images.versions.filter((one) => one !== found.version)
    return sourceOfImages(others, found.images.current.image)
  },
}

function find(
  ref: ModelRef,
  source: ModelSource,
  id: string,
): { readonly images: ImageSource; readonly version: ImageVersion } | null {
  const images = imagesOf(source)
  const version = images?.versions.find((one) => imageVersionId(ref, one) === id)
  return images && version ? { images, version } : null
}
