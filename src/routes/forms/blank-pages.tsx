import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import { PlaygroundPage } from '../../../views/pages/playground-page.tsx'
import type { Deps } from '../../deps.ts'
import { blankForm } from '../../domain/form/form.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import { type PageTemplate, pageTemplate, sendPage } from '../request/page.tsx'
import { noResult } from '../workspace/result.ts'

/** How much of the pages is kept, in UTF-16 units. */
const mostUnits = 16 * 2 ** 20

/**
 * The pages with blank forms, rendered once for all visitors. Only the form’s key, the estimate and the host differ;
 * marks stand for them in what is kept.
 */
export function createBlankPages(deps: Deps) {
  const rendered = new LRUCache<string, { readonly model: Model; readonly html: string }>({
    maxSize: mostUnits,
    sizeCalculation: ({ html }) => html.length,
  })
  const keyMark = deps.newId()
  const estimateMark = deps.newId()
  const hostMark = deps.newId()

  async function render(template: PageTemplate, model: Model): Promise<string> {
    const warmth = currentWarmth(deps, model)
    const health = currentHealth(deps, model)
    const instances = JSON.stringify(health.instances ?? [])
    const key = `${modelName(model.ref)} ${warmth} ${template.variant} ${health.note ?? ''} ${instances}`
    // A page that shows seconds or logs changes with every request.
    const isKept = health.elapsed === null && health.logs === ''
    const known = isKept ? rendered.get(key) : undefined
    if (known?.model === model) return known.html
    const form = blankForm(model.version.schema)
    const html = await template.render(
      <PlaygroundPage
        {...{ model, form, warmth, health, result: noResult }}
        formKey={keyMark}
        estimate={estimateMark}
      />,
    )
    if (isKept) rendered.set(key, { model, html })
    return html
  }

  return {
    async answer(c: Context, model: Model) {
      const template = pageTemplate(c, deps, hostMark)
      const html = await render(template, model)
      const estimate = await currentEstimate(deps, model)
      const filled = html.replace(keyMark, deps.newId()).replace(estimateMark, estimate)
      return sendPage(c, deps, template.fill(filled))
    },
  }
}
