import { imageName, placeOf } from '../../../domain/model/addresses/image-name.ts'
import { registryOrigin } from '../../../domain/model/addresses/registry.ts'
import type { Upstream } from '../../provider.ts'
import type { ImageModel } from './image-models.ts'

/** Where the registry of an image is asked, and its login is kept for; null for an image that only an engine has. */
export function registryOf(image: string): string | null {
  const name = imageName(image)
  return name === null || name.registry === 'localhost' ? null : registryOrigin(placeOf(name).host)
}

/** The registries that the images of models are pulled from. */
export function registryUpstreams(models: readonly ImageModel[]): readonly Upstream[] {
  const pulled = models.filter(({ image }) => image.name.includes('@'))
  const byRegistry = Map.groupBy(pulled, ({ image }) => registryOf(image.name))
  return [...byRegistry].flatMap(([address, all]) =>
    address === null
      ? []
      : {
          kind: 'works' as const,
          sentence: 'It is asked when an image is added or pulled. Its key is user:password.',
          address,
          title: 'Container registry',
          models: all.map(({ ref }) => ref),
          takesKey: true,
        },
  )
}
