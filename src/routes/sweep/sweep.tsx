import { randomInt } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { SweepCount } from '../../../views/sweep/sweep-count.tsx'
import { SweepPage } from '../../../views/sweep/sweep-page.tsx'
import type { Deps } from '../../deps.ts'
import type { Form } from '../../domain/form/form.ts'
import {
  countCells,
  type SweepLimits,
  type SweepValues,
  sentSweep,
} from '../../domain/group/sweep-form.ts'
import type { Model } from '../../domain/model/model.ts'
import { may } from '../../domain/policy.ts'
import { earlierFiles } from '../forms/earlier-files.ts'
import { openForm } from '../forms/open-form.ts'
import { drawRunChoice } from '../forms/run-choice.tsx'
import { readSentForm, type SentForm } from '../forms/sent-form.ts'
import { choiceIn } from '../forms/submission.ts'
import { currentWarmth, timeOfRuns } from '../model-state.ts'
import { fragment, page } from '../request/page.tsx'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { findModel } from '../workspace/model-in-path.ts'
import { isRun, sweepInForm, variedInQuery } from './asked.ts'
import { type NotRun, runSweep } from './run.ts'

/** The form of a model in which one or two inputs take several values. Its form has files, so it is read here. */
export function sweepRoutes(deps: Deps) {
  return new Hono()
    .get('/:owner/:name/sweep', async (c) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      const form = await openForm(c, deps, model, ensureViewer(c, deps), c.req.queries())
      const varied = variedInQuery(c, model)
      const fields = form.fields.map((field) => {
        const axis = varied.find(({ name }) => name === field.property.name)
        return axis ? { ...field, shown: axis.typed, error: null } : field
      })
      return draw(c, deps, model, { form: { fields }, varied })
    })
    .get('/:owner/:name/sweep/count', async (c) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      const values = { varied: variedInQuery(c, model), inputs: new Map(), kept: [] }
      return fragment(c, deps, <SweepCount {...(await countOf(deps, model, values))} />)
    })
    .post('/:owner/:name/sweep', async (c) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      const sent = await readSentForm(c, deps)
      const values = await sweepInForm(c, deps, model, sent)
      const { varied } = values
      const form = sentSweep(model.version.schema, values)
      if (!may(viewerOf(c, deps), 'run', { model })) {
        const problem = 'You may see this model, but not run it'
        return draw(c, deps, model, { status: 403, form, problem, varied }, sent)
      }
      if (!isRun(sent)) return draw(c, deps, model, { form, varied }, sent)
      const run = await runSweep(c, deps, model, values, sent, limitsOf(deps))
      return 'group' in run
        ? c.redirect(deps.paths.group(run.group.id), 303)
        : draw(c, deps, model, { ...run, varied }, sent)
    })
}

function limitsOf({ config }: Deps): SweepLimits {
  return { most: config.mostCells, chance: (low, high) => randomInt(low, high + 1) }
}

async function countOf(deps: Deps, model: Model, values: SweepValues) {
  const cells = countCells(model.version.schema, values, limitsOf(deps))
  if (typeof cells === 'string') return { cells: null, problem: cells, takes: '' }
  return { cells, problem: null, takes: await timeOfRuns(deps, model, cells) }
}

interface Shown extends Partial<NotRun>, Pick<SweepValues, 'varied'> {
  readonly form: Form
}

async function draw(c: Context, deps: Deps, model: Model, shown: Shown, sent?: SentForm) {
  const { status = 200, retryAfter, ...rest } = shown
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const count = await countOf(deps, model, { varied: rest.varied, inputs: new Map(), kept: [] })
  const choice = sent ? choiceIn(sent) : null
  const opens = sent?.text('earlier') ?? ''
  const earlier =
    opens === ''
      ? null
      : await earlierFiles(c, deps, model, { input: opens, account: choice?.account ?? null })
  const props = {
    ...rest,
    model,
    count,
    earlier,
    formKey: deps.newId(),
    warmth: currentWarmth(deps, model),
    most: deps.config.mostCells,
    choice: drawRunChoice(c, deps, model, choice),
  }
  return page(c, deps, <SweepPage {...props} />, status)
}
