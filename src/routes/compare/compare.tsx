import { type Context, Hono } from 'hono'
import { type ComparedColumn, ComparePage } from '../../../views/compare/compare-page.tsx'
import type { GroupPanelProps } from '../../../views/group/group-panel.tsx'
import type { Deps } from '../../deps.ts'
import { rowActions } from '../../domain/form/fields/row-entries.ts'
import {
  type ComparedForm,
  comparisonLink,
  openComparison,
  sentComparison,
} from '../../domain/group/compared-form.ts'
import { scopeOf } from '../../domain/group/comparison.ts'
import { modelName } from '../../domain/model-ref.ts'
import { quotaUsed } from '../forms/quota-used.ts'
import { drawRunChoice } from '../forms/run-choice.tsx'
import { readSentForm, type SentForm } from '../forms/sent-form.ts'
import { choiceIn } from '../forms/submission.ts'
import { seenAs } from '../groups/find-group.ts'
import type { GroupPanels } from '../groups/group-panels.tsx'
import { currentEstimate, currentWarmth, expectedMs } from '../model-state.ts'
import { originOf, page } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { type Asked, askedInForm, askedInQuery } from './asked.ts'
import { comparedGroup } from './earlier-runs.ts'
import { earlierOf, withChange } from './pressed.ts'
import { type NotRun, runComparison } from './run.ts'

/** So many names of models are offered to be added. */
const mostOffered = 200

/** Models side by side: one form for all of them, and below it what they made. */
export function comparePageRoutes(deps: Deps, panels: Pick<GroupPanels, 'props'>) {
  const { paths } = deps

  async function resultsOf(c: Context, id: string): Promise<GroupPanelProps | null> {
    const viewer = viewerOf(c, deps)
    const group = await comparedGroup(deps, viewer, id)
    return group && panels.props(c, seenAs(deps, viewer, group))
  }

  return new Hono()
    .get('/compare', async (c) => {
      ensureViewer(c, deps)
      const id = c.req.query('group')
      const results = id === undefined ? null : await resultsOf(c, id)
      if (id !== undefined && !results) return c.notFound()
      const group = results?.group ?? null
      const asked = await askedInQuery(c, deps, group)
      const isEarlier = group !== null || c.req.query('from') !== undefined
      const open = isEarlier ? sentComparison : openComparison
      return draw(c, deps, asked, { form: open(asked.comparison, asked.values), results })
    })
    .post('/compare', async (c) => {
      const sent = await readSentForm(c, deps)
      const asked = await askedInForm(c, deps, sent)
      const run = isRun(sent) ? await runComparison(c, deps, asked, sent) : null
      if (run && 'group' in run)
        return c.redirect(`${paths.comparedGroup(run.group.id)}#results`, 303)
      const results = await resultsOf(c, sent.text('group'))
      if (run) return draw(c, deps, asked, { ...run, results }, sent)
      const changed = { ...asked, values: withChange(asked, sent) }
      const form = sentComparison(changed.comparison, changed.values)
      return draw(c, deps, changed, { form, results }, sent)
    })
}

const otherButtons = ['do', 'drop', 'link', 'earlier', 'close', ...rowActions]

/** Enter in the name of a model to be added presses Run. */
function isRun({ has, text }: SentForm): boolean {
  return has('run') && text('with').trim() === '' && !otherButtons.some(has)
}

interface Shown extends Partial<NotRun> {
  readonly form: ComparedForm
  /** The runs below the form; null for none. */
  readonly results: GroupPanelProps | null
}

async function draw(c: Context, deps: Deps, asked: Asked, shown: Shown, sent?: SentForm) {
  const { models, comparison, missing } = asked
  const { status = 200, retryAfter, ...rest } = shown
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const times = await Promise.all(models.map((model) => expectedMs(deps, model, 1)))
  const visibility = models.some((model) => model.visibility === 'private') ? 'private' : 'public'
  const madeFor = shown.results?.group ?? null
  const props = {
    ...rest,
    comparison,
    missing,
    columns: await columnsOf(c, deps, asked),
    offered: await offered(c, deps, asked),
    formKey: deps.newId(),
    quota: await quotaUsed(c, deps),
    takesMs: times.includes(null) ? null : Math.max(0, ...times.map((ms) => ms ?? 0)),
    choice: drawRunChoice(c, deps, { visibility }, sent ? choiceIn(sent) : madeFor),
    isSent: sent !== undefined,
    link: sent?.has('link') ? linkTo(c, deps, asked, shown.form) : undefined,
    earlier: sent?.has('earlier') ? await earlierOf(c, deps, asked, sent) : null,
    pressed: pressedIn(sent),
  }
  return page(
    c,
    deps,
    <ComparePage {...props} />,
    missing.length > 0 && status === 200 && !madeFor ? 422 : status,
  )
}

function pressedIn(sent: SentForm | undefined): string | undefined {
  const name = ['earlier', 'close', ...rowActions].find((one) => sent?.has(one))
  return name && sent?.text(name).replace(/\.\d{1,6}$/, '')
}

function columnsOf(c: Context, deps: Deps, { models }: Asked): Promise<ComparedColumn[]> {
  return Promise.all(
    models.map(async (model) => ({
      model,
      warmth: currentWarmth(deps, model),
      estimate: await currentEstimate(deps, model, viewerOf(c, deps).id),
    })),
  )
}

/** Names of models to choose from. */
async function offered(c: Context, deps: Deps, { models }: Asked): Promise<readonly string[]> {
  const compared = new Set(models.map(({ ref }) => modelName(ref)))
  const all = (await usableModels(deps, viewerOf(c, deps)).all()).map(({ ref }) => modelName(ref))
  return all.filter((name) => !compared.has(name)).slice(0, mostOffered)
}

function linkTo(c: Context, deps: Deps, { comparison }: Asked, form: ComparedForm): string {
  const { models, inputs } = comparison
  const taken = inputs.shared.flatMap(({ takers }) => takers.map(({ property }) => property))
  const joins = inputs.joins.flatMap(({ model, property, as, isUsual }) => {
    const ref = models[model]?.ref
    const isJoined = taken.includes(property)
    const name = `join.${ref ? scopeOf(ref) : ''}${property.name}`
    return isJoined === isUsual ? [] : [[name, isJoined ? as : '']]
  })
  const values = comparisonLink(comparison, form).map(([name, text]) => [`input.${name}`, text])
  const names = models.map(({ ref }) => modelName(ref)).join(',')
  const query = new URLSearchParams([['models', names], ...joins, ...values])
  // Names of models are easier to read so.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',')
  return `${originOf(c, deps)}${deps.paths.compare()}?${text}`
}
