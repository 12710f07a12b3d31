import { type Context, Hono } from 'hono'
import { SharePage } from '../../../views/shares/share-page.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import type { AuditAction } from '../../domain/people/audit.ts'
import type { Share, SharedThing } from '../../domain/people/share.ts'
import { subjectEntry } from '../request/audit.ts'
import { originOf, page } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { viewerOf } from '../request/viewer.ts'
import { linksOf } from './links.ts'
import {
  audiencesOf,
  endChoices,
  freshTerms,
  mayLetRun,
  readTerms,
  type TermError,
  type TermTexts,
  termTextsIn,
} from './share-terms.ts'
import { type Shareable, shareableInPath } from './shareable.ts'

/** Making and ending the share links of a prediction or a group of runs. */
export function shareMakingRoutes(deps: Deps) {
  return new Hono()
    .route('/', routesAt('/p/:id', 'prediction', deps))
    .route('/', routesAt('/g/:id', 'group', deps))
}

function routesAt(at: string, kind: SharedThing['kind'], deps: Deps) {
  const { paths, store, now } = deps
  const toEnd = (c: Context) => shareableInPath(c, deps, kind)

  /** What the path names; null when the viewer may not share it, or nobody may share anything. */
  async function toShare(c: Context): Promise<Shareable | null> {
    return deps.config.shares === 'off' ? null : shareableInPath(c, deps, kind)
  }

  async function end(c: Context, id?: string) {
    const thing = await toEnd(c)
    if (!thing) return c.notFound()
    const entry = entryOf(c, deps, 'share ended', thing, id === undefined ? 'all links' : '')
    const which = { of: thing.of, ...(id === undefined ? {} : { id }) }
    if (!(await store.recording(entry).endShares(which, now())) && id !== undefined)
      return c.notFound()
    return c.redirect(backFrom(c, deps, thing), 303)
  }

  return new Hono()
    .get(`${at}/shares`, async (c) => {
      const thing = await toShare(c)
      return thing ? draw(c, deps, thing, freshTerms(deps), null) : c.notFound()
    })
    .post(`${at}/shares`, async (c) => {
      const thing = await toShare(c)
      if (!thing) return c.notFound()
      const texts = termTextsIn(c, deps)
      const terms = await readTerms(deps, viewerOf(c, deps), thing.model, texts)
      if ('field' in terms) return draw(c, deps, thing, texts, terms)
      const share = newShare(c, deps, thing, terms)
      const detail = [share.audience, share.scope].join(', ')
      await store.recording(entryOf(c, deps, 'share made', thing, detail)).share(share)
      return c.redirect(`${paths.shared(thing.of)}#share`, 303)
    })
    .post(`${at}/shares/revocation`, (c) => end(c))
    .post(`${at}/shares/:share/revocation`, (c) => end(c, c.req.param('share')))
}

function entryOf(c: Context, deps: Deps, action: AuditAction, thing: Shareable, detail: string) {
  const subject = `${thing.of.kind === 'group' ? 'g' : 'p'}/${thing.of.id}`
  return subjectEntry(c, deps, action, { subject, account: thing.account }, detail)
}

type Terms = Exclude<Awaited<ReturnType<typeof readTerms>>, TermError>

/** A form that is sent again makes no second link: its key is the id of the share. */
function newShare(c: Context, deps: Deps, { of }: Shareable, terms: Terms): Share {
  const key = c.get('formFields').get('key') ?? ''
  const id = isId(key) ? key : deps.newId()
  return {
    ...terms,
    id,
    hash: deps.shareLinks.newHash(id),
    of,
    createdBy: viewerOf(c, deps).id,
    createdAt: deps.now(),
    opens: 0,
    openedAt: null,
    endedAt: null,
    ended: null,
  }
}

/** A list of shares, if a link was ended there; else the page of what is shared. */
function backFrom(c: Context, { paths }: Deps, { of }: Shareable): string {
  const before = pathBefore(c)
  const [address = ''] = before?.split('?') ?? []
  const isList = [paths.accountShares(), paths.shareSettings()].includes(address)
  return before !== null && isList ? before : `${paths.shared(of)}#share`
}

async function draw(
  c: Context,
  deps: Deps,
  thing: Shareable,
  texts: TermTexts,
  error: TermError | null,
) {
  const { of, title, what, holds, isOfPrivate, model } = thing
  return page(
    c,
    deps,
    <SharePage
      {...{ of, title, what, holds, isOfPrivate }}
      formKey={deps.newId()}
      texts={texts}
      error={error}
      choices={{
        audiences: audiencesOf(deps),
        ends: endChoices,
        run: model !== null && mayLetRun(deps, viewerOf(c, deps), model),
      }}
      links={await linksOf(deps, of, originOf(c, deps))}
    />,
    error ? 422 : 200,
  )
}
