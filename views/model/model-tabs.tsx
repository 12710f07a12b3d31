import type { Model } from '../../src/domain/model/model.ts'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { usePaths, useSite } from '../site.ts'

export type ModelTab =
  | 'playground'
  | 'api'
  | 'examples'
  | 'readme'
  | 'versions'
  | 'monitor'
  | 'embed'
  | 'edit'

interface ModelTabsProps {
  readonly model: Model
  readonly current: ModelTab
  /** The query of the form, so that the API tab shows code with the same inputs. */
  readonly query?: string | undefined
}

const apiTabId = 'api-tab'

/** The link of the API tab after a run: to the code of that run. */
export function ApiTabOfRun({ model, id }: { readonly model: ModelRef; readonly id: string }) {
  return (
    <a id={apiTabId} href={`${usePaths().modelApi(model)}?from=${id}`}>
      API
    </a>
  )
}

/** The pages of a model. */
export function ModelTabs({ model, current, query = '' }: ModelTabsProps) {
  const { paths, operator, namespaces, embeds } = useSite()
  const mayEdit = operator || namespaces.includes(model.ref.owner)
  const { model: playground, modelApi, modelExamples, modelReadme, modelVersions } = paths
  const tabs: readonly (readonly [tab: ModelTab, name: string, href: string])[] = [
    ['playground', 'Playground', playground(model.ref) + query],
    ['api', 'API', modelApi(model.ref) + query],
    ['examples', 'Examples', modelExamples(model.ref)],
    ...(model.readme === null ? [] : [['readme', 'README', modelReadme(model.ref)] as const]),
    ['versions', 'Versions', modelVersions(model.ref)],
    ...(operator ? [['monitor', 'Runs', paths.modelMonitor(model.ref)] as const] : []),
    // What cannot be made is not offered.
    ...(embeds && mayEdit ? [['embed', 'Embed', paths.modelEmbed(model.ref)] as const] : []),
    ...(mayEdit ? [['edit', 'Edit', paths.modelEdit(model.ref)] as const] : []),
  ]
  return (
    <nav class='tabs' aria-label='Model'>
      {tabs.map(([tab, name, href]) => (
        <a
          href={href}
          id={tab === 'api' ? apiTabId : undefined}
          aria-current={tab === current ? 'page' : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}
