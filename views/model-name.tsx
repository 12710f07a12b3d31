import type { ModelRef } from '../src/domain/model.ts'
import { Breakable } from './breakable.tsx'

/** `owner/name`, the owner softer. */
export function ModelName({ model }: { model: ModelRef }) {
  return (
    <>
      <span class='owner'>{model.owner}/</span>
      <wbr />
      <Breakable text={model.name} />
    </>
  )
}
