import { type Context, Hono } from 'hono'
import {
  type FoundModel,
  NewModelPage,
  type NewModelPageProps,
} from '../../views/pages/new-model-page.tsx'
import type { Deps } from '../deps.ts'
import type { ModelSource } from '../domain/model/record.ts'
import { modelName, parseModelRef, sameModel } from '../domain/model-ref.ts'
import type { Probed } from '../providers/provider.ts'
import { newSource } from './forms/new-source.ts'
import { shownHealth } from './model-state.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'

type Found = Extract<Probed, { readonly source: ModelSource }>

/** Adding a model: it is probed first, then saved. */
export function newModelRoutes(deps: Deps) {
  const { records, paths } = deps

  /** Asks each provider in turn: what is nothing of one's kind may be another's. */
  async function look(where: string): Promise<Found | { readonly sentence: string }> {
    for (const provider of deps.providers) {
      const probed = await provider.probe(where)
      if (probed) return probed.model ? probed : { sentence: probed.sentence }
    }
    return {
      sentence: `“${where}” is not a name such as owner/name, a URL or the path of a folder.`,
    }
  }

  // Those that are asked last are the ones that most people look for.
  const hints = deps.providers.flatMap(({ sources }) => sources?.hint ?? []).reverse()

  function draw(c: Context, props: Partial<NewModelPageProps>, status: 200 | 409 | 422 = 200) {
    const shownProps = { where: '', found: null, problem: null, hints, ...props }
    return page(c, deps, <NewModelPage {...shownProps} />, status)
  }

  function refused(c: Context, where: string, problem: string, found: FoundModel | null = null) {
    return draw(c, { where, problem, found }, 422)
  }

  return new Hono()
    .use('/models/*', operatorsOnly(deps))
    .use('/models', operatorsOnly(deps))
    .get('/models/new', (c) => draw(c, {}))
    .post('/models/new', async (c) => {
      const { where } = typedIn(c)
      const looked = await look(where)
      if ('sentence' in looked) return refused(c, where, looked.sentence)
      return draw(c, { where, found: shown(looked, deps.now()) })
    })
    .post('/models', async (c) => {
      const { where, name, version, replace } = typedIn(c)
      const looked = await look(where)
      if ('sentence' in looked) return refused(c, where, looked.sentence)
      const found = { ...shown(looked, deps.now()), name }
      const ref = parseModelRef(name)
      if (!ref) return refused(c, where, `“${name}” is not a name such as owner/name.`, found)
      const record = records.find(ref)
      const known = await deps.runner.findModel(ref)
      const wanted = { ref, found: looked.model, known, record, takesOver: replace === name }
      const decided = newSource({ ...wanted, source: chosen(looked, version) }, deps.providers)
      if ('problem' in decided) return refused(c, where, decided.problem, found)
      if (found.keepsName !== null && !sameModel(ref, looked.model.ref))
        return refused(c, where, found.keepsName, shown(looked, deps.now()))
      if ('ask' in decided) return draw(c, { where, found, ask: decided.ask }, 409)
      const action = record?.source ? 'model changed' : 'model added'
      const entry = auditEntry(c, deps, action, modelName(ref), { detail: `runs from ${where}` })
      await records.save({ ...records.of(ref), source: decided.source }, entry)
      return c.redirect(paths.model(ref), 303)
    })
}

function typedIn(c: Context) {
  const fields = ['where', 'name', 'version', 'replace']
  const [where = '', name = '', version = '', replace = ''] = fields.map((field) =>
    c.get('formFields').get(field)?.trim(),
  )
  return { where, name, version, replace }
}

function shown(
  { model, offeredName, keepsName, versions, warmth, health }: Found,
  now: number,
): FoundModel {
  return {
    model,
    name: modelName(offeredName),
    keepsName,
    versions: versions.map(({ id }) => id),
    warmth,
    health: shownHealth(health, now),
  }
}

function chosen({ source, sourceOf }: Found, version: string): ModelSource {
  return version === '' ? source : (sourceOf?.(version) ?? source)
}
