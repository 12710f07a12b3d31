import type { Model } from '../src/domain/model.ts'
import { usePaths } from './site.ts'

export type ModelTab = 'playground' | 'examples' | 'readme'

/** The pages of a model. */
export function ModelTabs({ model, current }: { model: Model; current: ModelTab }) {
  const paths = usePaths()
  const mark = (tab: ModelTab) => (tab === current ? 'page' : undefined)
  return (
    <nav class='tabs' aria-label='Model'>
      <a href={paths.model(model.ref)} aria-current={mark('playground')}>
        Playground
      </a>
      <a href={paths.modelExamples(model.ref)} aria-current={mark('examples')}>
        Examples
      </a>
      {model.readme !== null && (
        <a href={paths.modelReadme(model.ref)} aria-current={mark('readme')}>
          README
        </a>
      )}
    </nav>
  )
}
