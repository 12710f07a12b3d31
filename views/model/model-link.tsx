import type { ModelRef } from '../../src/domain/model-ref.ts'
import { ModelName } from '../format.tsx'
import { useSite } from '../site.ts'

/** The name of a model, which leads to its page where the viewer may see that. */
export function ModelLink({ model }: { readonly model: ModelRef }) {
  const { paths, opensModel } = useSite()
  if (!opensModel(model)) return <ModelName model={model} />
  return (
    <a href={paths.model(model)}>
      <ModelName model={model} />
    </a>
  )
}
