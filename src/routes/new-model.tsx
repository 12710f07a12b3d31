import { type Context, Hono } from 'hono'
import { NewModelPage, type NewModelPageProps } from '../../views/pages/new-model-page.tsx'
import type { Deps } from '../deps.ts'
import { modelName } from '../domain/model-ref.ts'
import { type Chosen, decide, partsProblem } from './new-model/decide.ts'
import { look } from './new-model/look.ts'
import { shownUpstream } from './new-model/shown.ts'
import { typedIn } from './new-model/typed.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'
import { viewerOf } from './request/viewer.ts'

/** Adding models: an upstream is looked at first, then the chosen ones of its models are saved. */
export function newModelRoutes(deps: Deps) {
  const { records, paths, upstreamKeys } = deps

  // Those that are asked last are the ones that most people look for.
  const hints = deps.providers.flatMap(({ sources }) => sources?.hint ?? []).reverse()

  function draw(c: Context, props: Partial<NewModelPageProps>, status: 200 | 409 | 422 = 200) {
    const shownProps = { where: '', found: null, problem: null, hints, ...props }
    return page(c, deps, <NewModelPage {...shownProps} />, status)
  }

  async function save(c: Context, where: string, { ref, source }: Chosen): Promise<void> {
    const action = records.find(ref)?.source ? 'model changed' : 'model added'
    const entry = auditEntry(c, deps, action, modelName(ref), { detail: `runs from ${where}` })
    await records.save({ ...records.of(ref), source }, entry)
  }

  return new Hono()
    .use('/models/*', operatorsOnly(deps))
    .use('/models', operatorsOnly(deps))
    .get('/models/new', (c) => draw(c, {}))
    .post('/models/new', async (c) => {
      const { where, key, document, parts } = typedIn(c)
      const looked = await look(deps.providers, { text: where, key, document, parts })
      if (looked.kind === 'found')
        return draw(c, {
          where,
          document,
          found: shownUpstream(looked.upstream, deps.now()),
          problem: partsProblem(looked.upstream),
        })
      const asks = looked.kind === 'refused' ? (looked.asks ?? null) : null
      return draw(c, { where, document, problem: looked.sentence, asks }, 422)
    })
    .post('/models', async (c) => {
      const { where, key, document, parts, wishesFor } = typedIn(c)
      const looked = await look(deps.providers, { text: where, key, document, parts })
      if (looked.kind !== 'found')
        return draw(c, { where, document, problem: looked.sentence }, 422)
      const { upstream } = looked
      const wishes = wishesFor(upstream)
      const found = shownUpstream(upstream, deps.now(), wishes)
      const decided = await decide(upstream, wishes, deps)
      if ('problem' in decided)
        return draw(c, { where, document, found, problem: decided.problem }, 422)
      if ('ask' in decided) return draw(c, { where, document, found, ask: decided.ask }, 409)
      if (key !== null && upstream.address !== null) {
        const entry = auditEntry(c, deps, 'upstream key changed', upstream.address)
        await upstreamKeys.save(upstream.address, key, viewerOf(c, deps).id, entry)
      }
      for (const chosen of decided.models) await save(c, where, chosen)
      const [first, ...others] = decided.models
      return c.redirect(first && others.length === 0 ? paths.model(first.ref) : paths.home(), 303)
    })
}
