import { type Context, Hono } from 'hono'
import { GonePanel } from '../../../views/pages/message-page.tsx'
import { EndedSharePage, SignInForSharePage } from '../../../views/shares/ended-share-page.tsx'
import { SharedPage } from '../../../views/shares/shared-page.tsx'
import type { Deps } from '../../deps.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { sharedPaths } from '../../paths.ts'
import { sendFile } from '../files/content.ts'
import { linkMeta, pictureOf } from '../files/link-meta.ts'
import { sendInertText } from '../files/output-content.ts'
import type { PanelView } from '../panels/panel-renderer.tsx'
import { type Panels, refreshSeconds } from '../panels/panels.ts'
import { fragment, originOf, page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { viewerNow } from '../request/sender.ts'
import { createOpenings } from './openings.ts'
import { type FoundShare, findShare, type OpenShare, shareInPath } from './share-in-path.ts'
import { drawSharedForm } from './shared-form.tsx'

/** The panel of a shared prediction, routed as early as `panelRoutes`. */
export function sharedPanelRoutes(deps: Deps, panels: Panels) {
  return new Hono().get('/s/:token/panel', async (c) => {
    const found = await shareInPath(c, deps)
    if (found.is !== 'open') return fragment(c, deps, <GonePanel />, 404)
    const viewNow = async () => {
      const viewer = await viewerNow(c, deps)
      const now = await findShare(deps, viewer, found.token)
      return now.is === 'open' ? viewBy(deps, now) : null
    }
    return panels.answer(c, found.prediction, { view: viewBy(deps, found), viewNow })
  })
}

/** The page of a shared prediction. The token in its link is the only permission needed, and gives no other. */
export function shareRoutes(deps: Deps, panels: Panels) {
  const openings = createOpenings(deps)
  return new Hono()
    .use('/s/*', async (c, next) => {
      c.header('X-Robots-Tag', 'noindex')
      await next()
    })
    .get('/s/:token', async (c) => {
      const found = await shareInPath(c, deps)
      if (found.is !== 'open') return refuse(c, deps, found)
      openings.count(c, found)
      return drawShared(c, deps, panels, found)
    })
    .get('/s/:token/form', async (c) => {
      const found = await shareInPath(c, deps)
      if (found.is !== 'open') return refuse(c, deps, found)
      const drawn = await drawSharedForm(c, deps, found)
      const { file } = sharedPaths(deps.paths, found.token)
      const paths = { ...deps.paths, file }
      return drawn ? page(c, { ...deps, paths }, drawn) : c.notFound()
    })
    .get('/s/:token/logs.txt', async (c) => {
      const found = await shareInPath(c, deps)
      return found.is === 'open'
        ? sendInertText(c, 'text/plain', found.prediction.logs)
        : c.notFound()
    })
    .get('/s/:token/thumbnail.jpg', async (c) => {
      const found = await shareInPath(c, deps)
      const picture = found.is === 'open' ? pictureOf(found.prediction) : null
      const thumbnail = picture && (await deps.thumbnails.of(picture))
      if (!thumbnail) return c.notFound()
      c.header('Content-Type', 'image/jpeg')
      c.header('Cache-Control', 'private, no-cache')
      return c.body(thumbnail)
    })
    .get('/s/:token/files/:ref/:name', async (c) => {
      const found = await shareInPath(c, deps)
      if (found.is !== 'open') return c.notFound()
      const file = found.prediction.files.find(({ ref }) => ref === c.req.param('ref'))
      return file ? sendFile(c, deps.files, file) : c.notFound()
    })
}

function refuse(c: Context, deps: Deps, found: Exclude<FoundShare, OpenShare>) {
  if (found.is === 'missing') return c.notFound()
  if (found.is === 'sign in') return page(c, deps, <SignInForSharePage />, 401)
  return page(c, deps, <EndedSharePage {...found} />, 410)
}

async function drawShared(c: Context, deps: Deps, panels: Panels, found: OpenShare) {
  const { prediction, token } = found
  const view = viewBy(deps, found)
  const panel = await panels.props(c, prediction, view)
  const { paths } = view
  const thumbnail = () => deps.paths.shareThumbnail(token)
  return page(
    c,
    { ...deps, paths },
    <SharedPage
      {...panel}
      refreshSeconds={refreshSeconds(panel)}
      link={linkMeta(originOf(c, deps), prediction, { ...paths, picture: thumbnail })}
    />,
  )
}

/** The panel as this link shows it. Tweak leads to a page that is not shared, or to the form of the link. */
function viewBy(deps: Deps, { token, prediction, viewer, mayRun }: OpenShare): PanelView {
  const maySee = viewer.kind !== 'nobody' && mayWith(deps, viewer, 'see', prediction)
  const tweak = (maySee || mayRun) && prediction.dataRemovedAt === null
  const paths = sharedPaths(deps.paths, token)
  return {
    name: `share ${token} ${tweak} ${maySee}`,
    may: { cancel: false, rerun: false, tweak, follow: false, share: false, delete: false },
    viewer: nobody,
    isTheirs: false,
    paths: maySee ? paths : { ...paths, workspace: () => deps.paths.shareForm(token) },
  }
}
