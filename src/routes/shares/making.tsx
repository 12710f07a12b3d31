import { type Context, Hono } from 'hono'
import { SharePage } from '../../../views/shares/share-page.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import type { Share } from '../../domain/people/share.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { findInPath } from '../prediction.tsx'
import { predictionEntry } from '../request/audit.ts'
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

/** Making and ending the share links of a prediction. */
export function shareMakingRoutes(deps: Deps) {
  const { paths, store, now } = deps

  /** The prediction in the path; null when the viewer may not share it, or nobody may share anything. */
  async function toShare(c: Context): Promise<Prediction | null> {
    return deps.config.shares === 'off' ? null : findInPath(c, deps, 'share')
  }

  async function end(c: Context, id?: string) {
    const prediction = await findInPath(c, deps, 'share')
    if (!prediction) return c.notFound()
    const which = id === undefined ? 'all links' : ''
    const entry = predictionEntry(c, deps, 'share ended', prediction, which)
    const own = { prediction: prediction.id, ...(id === undefined ? {} : { id }) }
    if (!(await store.recording(entry).endShares(own, now())) && id !== undefined)
      return c.notFound()
    return c.redirect(backFrom(c, deps, prediction), 303)
  }

  return new Hono()
    .get('/p/:id/shares', async (c) => {
      const prediction = await toShare(c)
      return prediction ? draw(c, deps, prediction, freshTerms(deps), null) : c.notFound()
    })
    .post('/p/:id/shares', async (c) => {
      const prediction = await toShare(c)
      if (!prediction) return c.notFound()
      const texts = termTextsIn(c, deps)
      const model = deps.runner.modelSubject(prediction.model)
      const terms = await readTerms(deps, viewerOf(c, deps), model, texts)
      if ('field' in terms) return draw(c, deps, prediction, texts, terms)
      const share = newShare(c, deps, prediction, terms)
      const detail = [share.audience, share.scope].join(', ')
      const entry = predictionEntry(c, deps, 'share made', prediction, detail)
      await store.recording(entry).share(share)
      return c.redirect(`${paths.prediction(prediction.id)}#share`, 303)
    })
    .post('/p/:id/shares/revocation', (c) => end(c))
    .post('/p/:id/shares/:share/revocation', (c) => end(c, c.req.param('share')))
}

type Terms = Exclude<Awaited<ReturnType<typeof readTerms>>, TermError>

/** A form that is sent again makes no second link: its key is the id of the share. */
function newShare(c: Context, deps: Deps, { id: prediction }: Prediction, terms: Terms): Share {
  const key = c.get('formFields').get('key') ?? ''
  const id = isId(key) ? key : deps.newId()
  return {
    ...terms,
    id,
    hash: deps.shareLinks.newHash(id),
    prediction,
    createdBy: viewerOf(c, deps).id,
    createdAt: deps.now(),
    opens: 0,
    openedAt: null,
    endedAt: null,
    ended: null,
  }
}

/** A list of shares, if a link was ended there; else the prediction. */
function backFrom(c: Context, { paths }: Deps, { id }: Prediction): string {
  const before = pathBefore(c)
  const [address = ''] = before?.split('?') ?? []
  const isList = [paths.accountShares(), paths.shareSettings()].includes(address)
  return before !== null && isList ? before : `${paths.prediction(id)}#share`
}

async function draw(
  c: Context,
  deps: Deps,
  prediction: Prediction,
  texts: TermTexts,
  error: TermError | null,
) {
  const model = deps.runner.modelSubject(prediction.model)
  return page(
    c,
    deps,
    <SharePage
      prediction={prediction}
      formKey={deps.newId()}
      isPrivate={model.visibility === 'private'}
      texts={texts}
      error={error}
      choices={{
        audiences: audiencesOf(deps),
        ends: endChoices,
        run: mayLetRun(deps, viewerOf(c, deps), model),
      }}
      links={await linksOf(deps, prediction.id, originOf(c, deps))}
    />,
    error ? 422 : 200,
  )
}
