import { type Context, Hono } from 'hono'
import { type FoundModel, NewModelPage } from '../../views/pages/new-model-page.tsx'
import type { Deps } from '../deps.ts'
import type { ModelSource } from '../domain/model/record.ts'
import { modelName, parseModelRef, sameModel } from '../domain/model-ref.ts'
import type { Probed } from '../providers/provider.ts'
import { newSource } from './forms/new-source.ts'
import { shownHealth } from './model-state.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'

type Found = Extract<Probed, { readonly source: ModelSource }>

/** What an operator adds: looked at first, then kept. */
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

  /** A name that no other model has; that of the model which runs there, when there is one. */
  function suggested({ model, source }: Found): string {
    const name = modelName(model.ref)
    if (source.provider !== 'cog') return name
    const [url = ''] = source.urls
    const kept = records
      .all()
      .find((one) => one.source?.provider === 'cog' && one.source.urls.includes(url))
    if (kept) return modelName(kept.ref)
    const isTaken = (text: string) => {
      const ref = parseModelRef(text)
      return (
        ref !== null &&
        (records.find(ref) !== null || deps.config.cogModels.some((one) => sameModel(one.ref, ref)))
      )
    }
    let free = name
    for (let number = 2; isTaken(free); number++) free = `${name}-${number}`
    return free
  }

  function refused(c: Context, where: string, problem: string, found: FoundModel | null = null) {
    return page(c, deps, <NewModelPage where={where} found={found} problem={problem} />, 422)
  }

  return new Hono()
    .use('/models/*', operatorsOnly(deps))
    .use('/models', operatorsOnly(deps))
    .get('/models/new', (c) => page(c, deps, <NewModelPage where='' found={null} problem={null} />))
    .post('/models/new', async (c) => {
      const { where } = typedIn(c)
      const looked = await look(where)
      if ('sentence' in looked) return refused(c, where, looked.sentence)
      return page(
        c,
        deps,
        <NewModelPage
          where={where}
          found={{ ...shown(looked, deps.now()), name: suggested(looked) }}
          problem={null}
        />,
      )
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
      const decided = newSource({ ...wanted, source: chosen(looked.source, version) }, deps.config)
      if ('problem' in decided) return refused(c, where, decided.problem, found)
      if (!found.renamable && !sameModel(ref, looked.model.ref))
        return refused(c, where, 'A model at Replicate keeps its name.', shown(looked, deps.now()))
      if ('ask' in decided) {
        const { ask } = decided
        return page(c, deps, <NewModelPage {...{ where, found, ask }} problem={null} />, 409)
      }
      await records.save({ ...records.of(ref), source: decided.source })
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

function shown({ model, source, versions, warmth, health }: Found, now: number): FoundModel {
  return {
    model,
    name: modelName(model.ref),
    renamable: source.provider !== 'replicate',
    versions: versions.map(({ id }) => id),
    warmth,
    health: shownHealth(health, now),
  }
}

function chosen(source: ModelSource, version: string): ModelSource {
  return source.provider === 'replicate' && version !== '' ? { ...source, version } : source
}
