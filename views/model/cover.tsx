import type { Model } from '../../src/domain/model/model.ts'
import type { Paths } from '../../src/paths.ts'
import { usePaths } from '../site.ts'

interface CoverProps {
  readonly model: Pick<Model, 'ref' | 'cover' | 'defaultExample' | 'exampleOutput'>
  /** Left out where the name of the model stands beside it. */
  readonly alt?: string
  /** Whether the picture is loaded only when it comes near the window. */
  readonly lazy?: boolean
}

/** The cover of a model: its own, else a picture of its example, else a pattern of its name. */
export function Cover({ model, alt = '', lazy = false }: CoverProps) {
  return (
    <div class='cover'>
      <CoverImage model={model} alt={alt} lazy={lazy} />
    </div>
  )
}

/** The picture alone, for a cover of several. */
export function CoverImage({ model, alt = '', lazy = false }: CoverProps) {
  const src = coverAddress(usePaths(), model)
  return <img src={src} alt={alt} width='720' height='480' loading={lazy ? 'lazy' : undefined} />
}

/** The address of a model's cover. It changes with the example that an operator chose. */
export function coverAddress(paths: Paths, model: CoverProps['model']): string {
  const { ref, cover, defaultExample, exampleOutput } = model
  if (cover !== null) return paths.modelFile(ref, cover)
  if (defaultExample !== null) return `${paths.modelCover(ref)}?example=${defaultExample}`
  const brought = exampleOutput?.files.find(({ width }) => width !== undefined)
  return brought ? paths.modelFile(ref, brought.name) : paths.modelCover(ref)
}
