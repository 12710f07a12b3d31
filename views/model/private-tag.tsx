import type { Model } from '../../src/domain/model/model.ts'

/** Marks a private model or prediction. */
export function PrivateTag({ visibility }: Pick<Model, 'visibility'>) {
  return visibility === 'private' ? <span class='tag'>private</span> : null
}
