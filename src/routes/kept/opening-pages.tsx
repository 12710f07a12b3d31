import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import { RunChoice } from '../../../views/form/run-choice.tsx'
import { WorkspacePage } from '../../../views/pages/workspace-page.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import { blankForm, type Form, fillForm, hasErrors } from '../../domain/form/form.ts'
import type { ModelScore } from '../../domain/judgement/judgement.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { createMemo } from '../../memo.ts'
import { exampleAt } from '../forms/open-form.ts'
import { quotaUsed } from '../forms/quota-used.ts'
import { runChoiceOf } from '../forms/run-choice.tsx'
import { shownScore } from '../judgement/shown-score.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import { pageEncoding } from '../request/compression.ts'
import { type PageTemplate, pageTemplate, render } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { createFindExample } from '../workspace/example.ts'
import { createDrawnRuns } from '../workspace/last-runs.tsx'
import { exampleResult, noResult } from '../workspace/result.ts'
import { type EncodedPage, type KeptPage, keepPage } from './kept-page.ts'

/** How much is kept: of rendered pages in UTF-16 units, of encoded ones in bytes. */
const most = { rendered: 4 * 2 ** 20, encoded: 4 * 2 ** 20 }

/** A rendered page: its texts, and between them the marks in the place of what differs. */
interface Rendered {
  readonly id: string
  readonly parts: readonly string[]
  readonly isKept: boolean
}

export type OpeningPages = ReturnType<typeof createOpeningPages>

/** A form and what stands beside it. */
interface Opened {
  readonly form: Form
  readonly result: ShownResult
}

/**
 * The pages of models as they open: with the example, or blank. Each is rendered once for all
 * visitors, with marks for the form’s key, the estimate, the viewer’s accounts and last runs, and the host. With all
 * of these but the key, it is encoded once for all requests in which they are the same.
 */
export function createOpeningPages(deps: Deps) {
  const rendered = new LRUCache<string, { readonly model: Model; readonly page: Rendered }>({
    maxSize: most.rendered,
    sizeCalculation: ({ page }) => page.parts.reduce((units, part) => units + part.length, 0),
  })
  const encoded = createMemo<KeptPage>(most.encoded, ({ size }) => size)
  const drawnChoice = createDrawnChoices(deps)
  const drawnRuns = createDrawnRuns(deps)
  const findExample = createFindExample(deps)
  const keyMark = deps.newId()
  const estimateMark = deps.newId()
  const quotaMark = deps.newId()
  const runsMark = deps.newId()
  const hostMark = deps.newId()
  const choiceMark = deps.newId()
  const personMark = deps.newId()
  const marks = [estimateMark, quotaMark, runsMark, hostMark, choiceMark, personMark]

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
    isBlank: boolean,
    score: ModelScore | null,
  ): Promise<Rendered> {
    const { scheme } = template
    const warmth = currentWarmth(deps, model)
    const health = currentHealth(deps, model)
    const instances = JSON.stringify(health.instances ?? [])
    const example = isBlank ? null : await findExample(model)
    const opens = isBlank ? 'blank' : `${scheme} ${example?.id ?? ''}`
    const key = `${modelName(model.ref)} ${opens} ${warmth} ${template.variant} ${health.note ?? ''} ${instances} ${JSON.stringify(score)}`
    // A page that shows seconds or logs changes with every request.
    const isKept = health.elapsed === null && health.logs === ''
    const known = isKept ? rendered.get(key) : undefined
    if (known?.model === model) return known.page
    const opened = isBlank ? null : await openExample(model, example, `${scheme}//${hostMark}`)
    const { form, result } = opened ?? { form: blankForm(model.version.schema), result: noResult }
    const html = await template.render(
      <WorkspacePage
        {...{ model, form, warmth, health, result, score }}
        filled={opened === null ? 'blank' : 'example'}
        formKey={keyMark}
        estimate={estimateMark}
        quota={quotaMark}
        lastRuns={runsMark}
        choice={choiceMark}
      />,
    )
    const page = { id: deps.newId(), parts: splitAt(html, marks), isKept }
    if (isKept) rendered.set(key, { model, page })
    return page
  }

  return {
    /** The page of a model with its example, or with a blank form. */
    async open(c: Context, model: Model, isBlank: boolean): Promise<EncodedPage> {
      const viewer = viewerOf(c, deps)
      const looks = pageTemplate(c, deps, { host: hostMark, person: personMark })
      const variant = `${looks.variant} ${may(viewer, 'change', { model })}`
      const score = await shownScore(c, deps, model.ref)
      const page = await renderOnce({ ...looks, variant }, model, isBlank, score)
      const { host, person } = looks
      const estimate = await currentEstimate(deps, model, viewer.id)
      const quota = await quotaUsed(c, deps)
      const runs = await drawnRuns(c, model.ref)
      const choice = await drawnChoice(c, model)
      const encoding = pageEncoding(c)
      const encode = () => {
        const values = [estimate, quota, runs.html, host, choice.html, person]
        const filled = page.parts.map((part) => values[marks.indexOf(part)] ?? part)
        return keepPage(filled.join(''), keyMark, encoding)
      }
      const key = `${page.id} ${runs.id} ${choice.id} ${encoding} ${host} ${person} ${estimate} ${quota}`
      const kept = await (page.isKept ? encoded.read(key, encode) : encode())
      return { encoding, bytes: kept.bytes(deps.newId()) }
    },
  }
}

/** Draws the choice of an account and a visibility once for each that there is; empty where there is none. */
function createDrawnChoices(deps: Deps) {
  const drawn = new LRUCache<string, { readonly id: string; readonly html: string }>({ max: 1_000 })
  const none = { id: 'none', html: '' }

  return async function drawnChoice(c: Context, model: Model) {
    const choice = runChoiceOf(deps, viewerOf(c, deps), model, null)
    if (!choice) return none
    const key = JSON.stringify(choice)
    const known = drawn.get(key)
    if (known) return known
    const made = { id: deps.newId(), html: await render(c, deps, <RunChoice {...choice} />) }
    drawn.set(key, made)
    return made
  }
}

/** The texts between the marks, and the marks themselves. */
function splitAt(html: string, marks: readonly string[]): readonly string[] {
  const split = (part: string, mark: string) =>
    part.split(mark).flatMap((text, at) => (at === 0 ? [text] : [mark, text]))
  return marks.reduce((parts, mark) => parts.flatMap((part) => split(part, mark)), [html])
}
