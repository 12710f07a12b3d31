import { type Context, Hono } from 'hono'
import { EmbedLinkPage } from '../../../views/embed/embed-link-page.tsx'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import {
  type EmbedLink,
  type EmbedTerms,
  embedAccount,
  embedEndOf,
  embedQuota,
} from '../../domain/people/embed-link.ts'
import { may } from '../../domain/policy.ts'
import { currentWarmth } from '../model-state.ts'
import { auditEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { endChoices } from '../shares/share-terms.ts'
import { findModel } from '../workspace/model-in-path.ts'

const dayMs = 24 * 60 * 60_000
const mostListed = 100
const mostRuns = 1_000_000

/** Making and ending the embed links of a model, for those who may change it. */
export function embedMakingRoutes(deps: Deps) {
  const { store, paths, now } = deps

  /** Answers for the model in the path; 403 for those who see it, but may not change it. */
  const withModel =
    (handler: (c: Context, model: Model) => Promise<Response>) => async (c: Context) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      if (may(viewerOf(c, deps), 'change', { model })) return handler(c, model)
      return page(c, deps, <MessagePage title='You may not embed this model' text={whoMay} />, 403)
    }

  return new Hono()
    .get(
      '/:owner/:name/embed',
      withModel((c, model) => draw(c, deps, model, null)),
    )
    .post(
      '/:owner/:name/embed',
      withModel(async (c, model) => {
        const terms = readTerms(c, deps)
        if (typeof terms === 'string') return draw(c, deps, model, terms)
        const link = newLink(c, deps, model, terms)
        const detail = [link.origin, link.signIn ? 'signed in' : 'anyone'].join(', ')
        const entry = auditEntry(c, deps, 'embed made', modelName(model.ref), { detail })
        await store.recording(entry).addEmbed(link)
        return c.redirect(`${paths.modelEmbed(model.ref)}#code`, 303)
      }),
    )
    .post(
      '/:owner/:name/embed/:id/revocation',
      withModel(async (c, model) => {
        const id = c.req.param('id') ?? ''
        const link = (await shown(deps, model)).find((one) => one.id === id)
        if (!link) return c.notFound()
        const stated = { detail: link.origin }
        const entry = auditEntry(c, deps, 'embed ended', modelName(model.ref), stated)
        await store.recording(entry).endEmbed({ model: model.ref, id }, now())
        return c.redirect(paths.modelEmbed(model.ref), 303)
      }),
    )
}

const whoMay =
  'Its owners and operators may: visitors of other pages run it without being known here.'

/** The links that work, newest first. */
async function shown(deps: Deps, model: Model): Promise<readonly EmbedLink[]> {
  const links = await deps.store.embedsOf(model.ref, mostListed)
  return links.filter((link) => embedEndOf(link, deps.now()) === null)
}

/** The terms in the form; a sentence for what is not valid. */
function readTerms(c: Context, deps: Deps): EmbedTerms | string {
  const fields = c.get('formFields')
  const origin = deps.config.embedOrigins.find((one) => one === fields.get('origin'))
  if (!origin) return 'Choose one of the origins that SANDPIT_EMBED_ORIGINS names.'
  const ends = fields.get('ends') ?? ''
  if (!Object.hasOwn(endChoices, ends)) return 'Choose when the link ends.'
  const runs = fields.get('runs')?.trim() ?? ''
  const runsPerDay = runs === '' ? null : Number(runs)
  if (
    runsPerDay !== null &&
    !(Number.isInteger(runsPerDay) && runsPerDay > 0 && runsPerDay <= mostRuns)
  )
    return `The runs of a day are a whole number from 1 to ${mostRuns}, or left blank.`
  return {
    origin,
    shows: fields.get('shows') === 'result' ? 'result' : 'both',
    signIn: hasPeople(deps.config) && !fields.has('anyone'),
    runsPerDay,
    expiresAt: ends === 'never' ? null : deps.now() + Number(ends) * dayMs,
  }
}

/** A form that is sent again makes no second link: its key is the id of the link. */
function newLink(c: Context, deps: Deps, model: Model, terms: EmbedTerms): EmbedLink {
  const key = c.get('formFields').get('key') ?? ''
  const id = isId(key) ? key : deps.newId()
  return {
    ...terms,
    id,
    hash: deps.embedLinks.newHash(id),
    model: model.ref,
    createdBy: viewerOf(c, deps).id,
    createdAt: deps.now(),
    runs: 0,
    usedAt: null,
    endedAt: null,
    ended: null,
  }
}

async function draw(c: Context, deps: Deps, model: Model, problem: string | null) {
  const { config, embedLinks, paths, runner, newId } = deps
  const links = await shown(deps, model)
  const lines = links.map(async (link) => {
    const token = embedLinks.tokenOf(link)
    const quota = embedQuota(link, config.quota)
    const used = quota && (await runner.usage(embedAccount(link), quota))
    return { link, path: token && paths.embed(token), today: used?.runsToday ?? null }
  })
  return page(
    c,
    deps,
    <EmbedLinkPage
      model={model}
      warmth={currentWarmth(deps, model)}
      formKey={newId()}
      origins={config.embedOrigins}
      hasPeople={hasPeople(config)}
      ends={endChoices}
      problem={problem}
      lines={await Promise.all(lines)}
    />,
    problem === null ? 200 : 422,
  )
}
