import { type Context, Hono } from 'hono'
import { Looked, NewModelPage, type NewModelPageProps } from '../../views/pages/new-model-page.tsx'
import type { Deps } from '../deps.ts'
import { modelName } from '../domain/model-ref.ts'
import type { FoundUpstream, Probed } from '../providers/provider.ts'
import { type Chosen, decide, partsProblem } from './new-model/decide.ts'
import { look } from './new-model/look.ts'
import { offeredNames } from './new-model/offered-names.ts'
import { type Doings, shownUpstream } from './new-model/shown.ts'
import { type Typed, typedIn } from './new-model/typed.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { fragment, isPartial, page } from './request/page.tsx'
import { viewerOf } from './request/viewer.ts'

/** Adding models: an upstream is looked at first, then the chosen ones of its models are saved. */
export function newModelRoutes(deps: Deps) {
  const { records, paths, upstreamKeys } = deps

  // Those that are asked last are the ones that most people look for.
  const hints = deps.providers.flatMap(({ sources }) => sources?.hint ?? []).reverse()

  function draw(c: Context, props: Partial<NewModelPageProps>, status: 200 | 409 | 422 = 200) {
    const shownProps = { where: '', found: null, problem: null, hints, ...props }
    if (isPartial(c)) return fragment(c, deps, <Looked {...shownProps} />, status)
    return page(c, deps, <NewModelPage {...shownProps} />, status)
  }

  async function save(c: Context, where: string, { ref, source }: Chosen): Promise<void> {
    const action = records.find(ref)?.source ? 'model changed' : 'model added'
    const entry = auditEntry(c, deps, action, modelName(ref), { detail: `runs from ${where}` })
    await records.save({ ...records.of(ref), source }, entry)
  }

  /** The page with what was found, for as long as nothing is saved. */
  async function lookAgain(c: Context, typed: Typed) {
    const { where, heldKey, document, filter } = typed
    const looked = await lookAt(typed)
    if (looked.kind !== 'found') return refused(c, typed, looked)
    const wishes = typed.hasModels ? typed.wishesFor(looked.upstream) : null
    const found = await show(looked.upstream, { wishes, filter })
    return draw(c, { where, heldKey, document, found, problem: partsProblem(looked.upstream) })
  }

  async function show(upstream: FoundUpstream, doings: Omit<Doings, 'names'>) {
    const names = await offeredNames(upstream, deps)
    return shownUpstream(upstream, deps.now(), { ...doings, names })
  }

  function lookAt({ where, key, document, parts, kinds, onDemand }: Typed) {
    return look(deps.providers, { text: where, key, document, parts, kinds, onDemand })
  }

  function refused(
    c: Context,
    { where, heldKey, document, carried }: Typed,
    looked: Exclude<Probed, Found>,
  ) {
    const typed = { where, heldKey, document, carried }
    if (looked.kind === 'pending') return draw(c, { ...typed, pending: looked })
    const { sentence: problem } = looked
    if (looked.kind === 'other')
      return draw(c, { ...typed, problem, asks: looked.mayStart ? 'start' : null }, 422)
    const { asks = null } = looked
    return draw(c, { ...typed, problem, asks, isQuestion: asks !== null }, 422)
  }

  return new Hono()
    .use('/models/*', operatorsOnly(deps))
    .use('/models', operatorsOnly(deps))
    .get('/models/new', (c) => draw(c, { where: c.req.query('where') ?? '' }))
    .post('/models/new', (c) => lookAgain(c, typedIn(c, deps)))
    .post('/models', async (c) => {
      const typed = typedIn(c, deps)
      const looked = await lookAt(typed)
      if (looked.kind !== 'found') return refused(c, typed, looked)
      const { upstream } = looked
      const { where, key, heldKey, document, filter } = typed
      const wishes = typed.wishesFor(upstream)
      const decided = await decide(upstream, wishes, deps)
      if (!('models' in decided)) {
        const problems = 'problems' in decided ? decided.problems : new Map()
        const found = await show(upstream, { wishes, filter, problems })
        const shown = { where, heldKey, document, found }
        if ('ask' in decided) return draw(c, { ...shown, ask: decided.ask }, 409)
        const problem = 'problem' in decided ? decided.problem : unsaved(problems.size)
        return draw(c, { ...shown, problem }, 422)
      }
      if (key !== null && upstream.address !== null) {
        const entry = auditEntry(c, deps, 'upstream key changed', upstream.address)
        await upstreamKeys.save(upstream.address, key, viewerOf(c, deps).id, entry)
      }
      for (const chosen of decided.models) await save(c, where, chosen)
      const [first, ...others] = decided.models
      const isOne = first && others.length === 0
      return c.redirect(isOne ? paths.model(first.ref) : paths.upstreams(), 303)
    })
}

type Found = Extract<Probed, { kind: 'found' }>

function unsaved(problems: number): string {
  const some = problems === 1 ? 'one of them' : `${problems} of them`
  return `Nothing was saved yet: ${some} cannot be saved like this. The table says why.`
}
