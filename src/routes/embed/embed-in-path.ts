import type { Context } from 'hono'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import {
  type EmbedLink,
  type EmbedView,
  embedEndOf,
  embedQuota,
  embedViewer,
} from '../../domain/people/embed-link.ts'
import type { Quota } from '../../domain/people/quota.ts'
import { nobody, type Viewer } from '../../domain/people/viewer.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { embedPaths, type Paths } from '../../paths.ts'
import { originOf } from '../request/page.tsx'
import { findShare } from '../shares/share-in-path.ts'
import { inPath } from '../workspace/model-in-path.ts'

/** A model, or the prediction of a share link, inside other pages, for who sends the request. */
export interface Embed {
  readonly is: 'open'
  /** Null where nobody signs in, and the model is named instead. */
  readonly link: EmbedLink | null
  /** The prediction of a share link, which is all that it shows; null for a model. */
  readonly shared: Prediction | null
  readonly model: ModelRef
  readonly shows: EmbedView
  /** All visitors together. */
  readonly viewer: Viewer
  readonly quota: Quota | null
  /** The origins whose pages may show it. */
  readonly origins: readonly string[]
  /** With scheme and host. */
  readonly paths: Paths
}

/** Why there is nothing to show, in a sentence for the visitor. */
export interface RefusedEmbed {
  readonly is: 'refused'
  readonly status: 401 | 403 | 404 | 410
  readonly title: string
  readonly text: string
  /** Where it works, for those who sign in there. */
  readonly elsewhere?: { readonly address: string; readonly label: string }
}

export type FoundEmbed = Embed | RefusedEmbed

/** The embed of the link in the path, or of the model in it. */
export async function embedInPath(c: Context, deps: Deps): Promise<FoundEmbed> {
  if (deps.config.embedOrigins.length === 0) return refused.off
  const found = await (c.req.param('token') === undefined ? openEmbed(c, deps) : ofLink(c, deps))
  if (found.is === 'refused') return found
  const from = c.req.header('Origin')
  const isKnown = from === undefined || from === originOf(c, deps) || found.origins.includes(from)
  return isKnown ? found : refused.elsewhere(from)
}

/** The embed link of a token; null when there is none. */
export function findEmbedLink({ store, embedLinks }: Deps, token: string) {
  return isId(token) ? store.findEmbed(embedLinks.hashOf(token)) : null
}

async function ofLink(c: Context, deps: Deps): Promise<FoundEmbed> {
  const token = c.req.param('token') ?? ''
  const link = await findEmbedLink(deps, token)
  if (!link) return ofShare(c, deps, token)
  if (link.endedAt !== null) return refused.ended
  if (embedEndOf(link, deps.now()) !== null) return refused.expired
  if (!deps.config.embedOrigins.includes(link.origin)) return refused.elsewhere(link.origin)
  if (link.signIn && c.get('standing')?.is !== 'in') return signedOut(c, deps, token)
  const at = deps.paths.embed(token)
  return {
    is: 'open',
    link,
    shared: null,
    model: link.model,
    shows: link.shows,
    viewer: embedViewer(link),
    quota: embedQuota(link, deps.config.quota),
    origins: [link.origin],
    paths: embedPaths(deps.paths, { origin: originOf(c, deps), form: at, root: at }),
  }
}

/** A share link that opens for anyone shows its prediction on pages of all the origins. */
async function ofShare(c: Context, deps: Deps, token: string): Promise<FoundEmbed> {
  const { config, paths } = deps
  const found = await findShare(deps, nobody, token)
  if (found.is === 'over') return refused.overShare
  if (found.is !== 'open') return refused.missing
  const { prediction } = found
  return {
    is: 'open',
    link: null,
    shared: prediction,
    model: prediction.model,
    shows: 'result',
    viewer: nobody,
    quota: null,
    origins: config.embedOrigins,
    paths: shareEmbedPaths(paths, originOf(c, deps), token),
  }
}

/** The paths of the prediction of a share link inside other pages. */
export function shareEmbedPaths(paths: Paths, origin: string, token: string): Paths {
  const at = paths.embed(token)
  return { ...embedPaths(paths, { origin, form: at, root: at }), prediction: () => origin + at }
}

/** The paths of a model, and of the predictions of all models, where nobody signs in. */
export function openEmbedPaths(paths: Paths, origin: string, model: ModelRef): Paths {
  const form = paths.embeddedModel(model)
  return embedPaths(paths, { origin, form, root: `${paths.base}/embed` })
}

/** Where nobody signs in, pages of all the origins show all public models, and what was made with them for all to see. */
async function openEmbed(c: Context, deps: Deps): Promise<FoundEmbed> {
  const { config, paths, runner } = deps
  const id = c.req.param('id') ?? ''
  const viewer = embedViewer(null)
  if (hasPeople(config)) return refused.noLink
  const ref = isId(id) ? (await runner.find(id))?.model : inPath(c).ref
  const model = ref ?? { owner: '', name: '' }
  if (ref && runner.modelSubject(ref).visibility === 'private')
    return id === '' ? refused.noModel(ref) : refused.noPrediction
  return {
    is: 'open',
    link: null,
    shared: null,
    model,
    shows: 'both',
    viewer,
    quota: config.quota,
    origins: config.embedOrigins,
    paths: openEmbedPaths(paths, originOf(c, deps), model),
  }
}

/**
 * Browsers send a session along into frames of the same site alone. There it is enough to sign in; elsewhere, a
 * visitor can use the page of the frame on its own.
 */
function signedOut(c: Context, deps: Deps, token: string): RefusedEmbed {
  const { paths, signIn } = deps
  const page = paths.embed(token)
  const address = originOf(c, deps) + (signIn ? paths.signIn(page) : page)
  const isNear = ['same-site', 'same-origin'].includes(c.req.header('Sec-Fetch-Site') ?? '')
  const isFrame = isNear && c.req.header('HX-Request') === undefined
  return isFrame
    ? { ...refused.signedOut, elsewhere: { address, label: 'Sign in' } }
    : { ...refused.unknownHere, elsewhere: { address, label: 'Open in a new tab' } }
}

function refuse(status: RefusedEmbed['status'], title: string, text: string): RefusedEmbed {
  return { is: 'refused', status, title, text }
}

const anotherLink =
  'Whoever made the page can make a new one on the page of the model, under Embed.'

export const refused = {
  off: refuse(
    404,
    'No page may show models of this server',
    'Its operator names the origins of those that may in SANDPIT_EMBED_ORIGINS.',
  ),
  missing: refuse(
    404,
    'This embed link does not exist',
    'It may be incomplete. Whoever made the page can copy it again from the page of the model, under Embed.',
  ),
  ended: refuse(410, 'This embed link was ended', anotherLink),
  expired: refuse(410, 'This embed link has expired', anotherLink),
  overShare: refuse(
    410,
    'This share link has ended',
    'Whoever shared the prediction can make a new one on its page.',
  ),
  signedOut: refuse(
    401,
    'Sign in to run this',
    'This link is for people who are signed in. Sign in in a new tab, then come back: this page goes on by itself.',
  ),
  unknownHere: refuse(
    401,
    'Sign in to run this',
    'This link is for people who are signed in, and your browser does not say here who you are. It works in a tab of its own.',
  ),
  noLink: refuse(
    401,
    'This needs an embed link',
    'People sign in on this server, so a page needs an embed link to show a model: /embed/s/ and its token. It is made on the page of the model, under Embed.',
  ),
  noForm: refuse(403, 'This link shows a result alone', 'It has no form, and runs nothing.'),
  noModel: (ref: ModelRef) =>
    refuse(
      404,
      'There is no such model',
      `${modelName(ref)} is not on this server, or is private.`,
    ),
  noPrediction: refuse(
    404,
    'Prediction not found',
    'It may have been deleted, or was not made by this link.',
  ),
  elsewhere: (origin: string) =>
    refuse(
      403,
      'This page may not show models of this server',
      `Pages at ${origin.slice(0, 200)} may not. Its operator names those that may in SANDPIT_EMBED_ORIGINS, and each embed link is for one of them.`,
    ),
} as const
