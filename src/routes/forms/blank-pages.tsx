import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import { WorkspacePage } from '../../../views/pages/workspace-page.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import { blankForm, type Form, fillForm, hasErrors } from '../../domain/form/form.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import { originOf, type PageTemplate, pageTemplate, render, sendPage } from '../request/page.tsx'
import { createFindExample } from '../workspace/example.ts'
import { drawLastRuns } from '../workspace/last-runs.tsx'
import { exampleResult, noResult } from '../workspace/result.ts'
import { exampleAt } from './open-form.ts'

/** How much of the pages is kept, in UTF-16 units. */
const mostUnits = 16 * 2 ** 20

/** A page that is kept: its texts, and between them the marks in the place of what differs. */
type Parts = readonly string[]

/** A form and what stands beside it. */
interface Opened {
  readonly form: Form
  readonly result: ShownResult
}

/**
 * The pages of models as they open: with the example, or blank. Each is rendered once for all
 * visitors. Only the form’s key, the estimate, the viewer’s last runs and the host differ; marks
 * stand for them in a page that is kept.
 */
export function createBlankPages(deps: Deps) {
  const rendered = new LRUCache<string, { readonly model: Model; readonly parts: Parts }>({
    maxSize: mostUnits,
    sizeCalculation: ({ parts }) => parts.reduce((units, part) => units + part.length, 0),
  })
  const findExample = createFindExample(deps)
  const keyMark = deps.newId()
  const estimateMark = deps.newId()
  const runsMark = deps.newId()
  const hostMark = deps.newId()
  const marks = [keyMark, estimateMark, runsMark, hostMark]

  /** The form with the example; null when there is none, or when it does not fit the form. */
  async function openExample(
    model: Model,
    example: Prediction | null,
    origin: string,
  ): Promise<Opened | null> {
    const { schema } = model.version
    if (example) {
      const form = fillForm(schema, example.input, example.files)
      return hasErrors(form) ? null : { form, result: await exampleResult(deps, model, example) }
    }
    const [input] = model.examples
    if (!input) return null
    const form = fillForm(schema, await exampleAt(deps, model, input, origin))
    return hasErrors(form) ? null : { form, result: await exampleResult(deps, model, null) }
  }

  async function renderOnce(
    template: PageTemplate,
    model: Model,
    scheme: string,
    isBlank: boolean,
  ) {
    const warmth = currentWarmth(deps, model)
    const health = currentHealth(deps, model)
    const instances = JSON.stringify(health.instances ?? [])
    const example = isBlank ? null : await findExample(model)
    const opens = isBlank ? 'blank' : `${scheme} ${example?.id ?? ''}`
    const key = `${modelName(model.ref)} ${opens} ${warmth} ${template.variant} ${health.note ?? ''} ${instances}`
    // A page that shows seconds or logs changes with every request.
    const isKept = health.elapsed === null && health.logs === ''
    const known = isKept ? rendered.get(key) : undefined
    if (known?.model === model) return known.parts
    const opened = isBlank ? null : await openExample(model, example, `${scheme}//${hostMark}`)
    const { form, result } = opened ?? { form: blankForm(model.version.schema), result: noResult }
    const html = await template.render(
      <WorkspacePage
        {...{ model, form, warmth, health, result }}
        filled={opened === null ? 'blank' : 'example'}
        formKey={keyMark}
        estimate={estimateMark}
        lastRuns={runsMark}
      />,
    )
    const parts = splitAt(html, marks)
    if (isKept) rendered.set(key, { model, parts })
    return parts
  }

  return {
    /** The page of a model with its example, or with a blank form. */
    async answer(c: Context, model: Model, isBlank: boolean) {
      const template = pageTemplate(c, deps, hostMark)
      const parts = await renderOnce(template, model, new URL(originOf(c, deps)).protocol, isBlank)
      const values = new Map([
        [keyMark, deps.newId()],
        [estimateMark, await currentEstimate(deps, model)],
        [runsMark, await render(c, deps, await drawLastRuns(c, deps, model.ref))],
        [hostMark, template.host],
      ])
      return sendPage(c, deps, parts.map((part) => values.get(part) ?? part).join(''))
    },
  }
}

/** The texts between the marks, and the marks themselves. */
function splitAt(html: string, marks: readonly string[]): Parts {
  const split = (part: string, mark: string) =>
    part.split(mark).flatMap((text, at) => (at === 0 ? [text] : [mark, text]))
  return marks.reduce((parts, mark) => parts.flatMap((part) => split(part, mark)), [html])
}
