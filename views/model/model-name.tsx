import type { ModelRef } from '../../src/domain/model-ref.ts'
import { Breakable } from '../breakable.tsx'

interface ModelNameProps {
  readonly model: ModelRef
  /** Where the owner leads to, if it does. */
  readonly ownerHref?: string
}

/** `owner/name`, the owner softer. */
export function ModelName({ model, ownerHref }: ModelNameProps) {
  return (
    <>
      {ownerHref === undefined ? (
        <span class='owner'>{model.owner}/</span>
      ) : (
        <a class='owner' href={ownerHref}>
          {model.owner}/
        </a>
      )}
      <wbr />
      <Breakable text={model.name} />
    </>
  )
}
