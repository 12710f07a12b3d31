import { type Context, Hono } from 'hono'
import { type FoundModel, NewModelPage } from '../../views/pages/new-model-page.tsx'
import type { Deps } from '../deps.ts'
import { modelName, parseModelRef, sameModel } from '../domain/model.ts'
import type { ModelRecord, ModelSource } from '../domain/model-record.ts'
import type { Probed } from '../providers/provider.ts'
import { healthAt } from './models.tsx'
import { operatorsOnly } from './operators.tsx'
import { page } from './page.tsx'

type Found = Extract<Probed, { readonly source: ModelSource }>

/** What an operator adds: looked at first, then kept. */
export function newModelRoutes(deps: Deps) {
  const { book, paths } = deps

  /** Asks each provider in turn: what is nothing of one's kind may be another's. */
  async function look(where: string): Promise<Found | { readonly sentence: string }> {
    for (const provider of deps.providers) {
      const probed = await provider.probe(where)
      if (probed) return probed.model ? probed : { sentence: probed.sentence }
    }
    return { sentence: `“${where}” is neither a name such as owner/name nor an http address.` }
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
        <NewModelPage where={where} found={shown(looked, deps.now())} problem={null} />,
      )
    })
    .post('/models', async (c) => {
      const { where, name, version } = typedIn(c)
      const looked = await look(where)
      if ('sentence' in looked) return refused(c, where, looked.sentence)
      const found = { ...shown(looked, deps.now()), name }
      const ref = parseModelRef(name)
      if (!ref) return refused(c, where, `“${name}” is not a name such as owner/name.`, found)
      const source = joined(book.find(ref), chosen(looked.source, version))
      const known = await deps.runner.findModel(ref)
      if (!source || (known && known.provider !== source.provider && !book.find(ref)?.source))
        return refused(c, where, `There is another model called ${name} already.`, found)
      if (!found.renamable && !sameModel(ref, looked.model.ref))
        return refused(c, where, 'It keeps the name that it has there.', shown(looked, deps.now()))
      await book.save({ ...book.of(ref), source })
      return c.redirect(paths.model(ref), 303)
    })
}

function typedIn(c: Context) {
  const [where = '', name = '', version = ''] = ['where', 'name', 'version'].map((field) =>
    c.get('typed').get(field)?.trim(),
  )
  return { where, name, version }
}

function shown({ model, source, versions, warmth, health }: Found, now: number): FoundModel {
  return {
    model,
    name: modelName(model.ref),
    renamable: source.provider !== 'replicate',
    versions: versions.map(({ id }) => id),
    warmth,
    health: healthAt(health, now),
  }
}

function chosen(source: ModelSource, version: string): ModelSource {
  return source.provider === 'replicate' && version !== '' ? { ...source, version } : source
}

/** One more container of a model that has some already; null when the name is taken by another kind. */
function joined(record: ModelRecord | null, source: ModelSource): ModelSource | null {
  const known = record?.source
  if (!known) return source
  if (known.provider === 'cog' && source.provider === 'cog')
    return { provider: 'cog', urls: [...new Set([...known.urls, ...source.urls])] }
  return known.provider === source.provider ? source : null
}
