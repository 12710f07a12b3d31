import { type Context, Hono } from 'hono'
import { GonePanel, MessagePage } from '../../views/pages/message-page.tsx'
import { SharedPage } from '../../views/pages/shared-page.tsx'
import type { Deps } from '../deps.ts'
import type { StoredFile } from '../domain/file/file.ts'
import { isId } from '../domain/id.ts'
import { nobody } from '../domain/people/viewer.ts'
import { shownTo } from '../domain/policy.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { madeFiles, summaryOf } from '../domain/prediction/summary.ts'
import { sharedPaths } from '../paths.ts'
import { sendFile } from './files/content.ts'
import { sendInertText } from './files/output-content.ts'
import type { PanelView } from './panels/panel-renderer.tsx'
import { type Panels, refreshSeconds } from './panels/panels.ts'
import { fragment, originOf, page } from './request/page.tsx'
import { mayWith } from './request/rights.ts'
import { viewerNow } from './request/sender.ts'
import { isAuthenticated, viewerOf } from './request/viewer.ts'

interface Shared {
  readonly token: string
  readonly prediction: Prediction
  readonly view: PanelView
}

/** The panel of a shared prediction, routed as early as `panelRoutes`. */
export function sharedPanelRoutes(deps: Deps, panels: Panels) {
  return new Hono().get('/s/:token/panel', async (c) => {
    const shared = await find(c, deps)
    if (!shared || shared === 'revoked') return fragment(c, deps, <GonePanel />, 404)
    const viewNow = async () => {
      await viewerNow(c, deps)
      const now = await find(c, deps)
      return now && now !== 'revoked' ? now.view : null
    }
    return panels.answer(c, shared.prediction, { view: shared.view, viewNow })
  })
}

/** The page of a shared prediction. The token in its link is the only permission needed, and gives no other. */
export function shareRoutes(deps: Deps, panels: Panels) {
  return new Hono()
    .use('/s/*', async (c, next) => {
      c.header('X-Robots-Tag', 'noindex')
      await next()
    })
    .get('/s/:token', async (c) => {
      const shared = await find(c, deps)
      if (shared === 'revoked') return page(c, deps, <EndedPage />, 410)
      if (!shared) return c.notFound()
      const { prediction, token, view } = shared
      const panel = await panels.props(c, prediction, view)
      const origin = originOf(c, deps)
      const picture = pictureOf(prediction) && origin + deps.paths.shareThumbnail(token)
      return page(
        c,
        { ...deps, paths: view.paths },
        <SharedPage
          {...panel}
          refreshSeconds={refreshSeconds(panel)}
          address={origin + deps.paths.share(token)}
          picture={picture}
          summary={summaryOf(prediction)}
        />,
      )
    })
    .get('/s/:token/logs.txt', async (c) => {
      const shared = await find(c, deps)
      return !shared || shared === 'revoked'
        ? c.notFound()
        : sendInertText(c, 'text/plain', shared.prediction.logs)
    })
    .get('/s/:token/thumbnail.jpg', async (c) => {
      const shared = await find(c, deps)
      const picture = shared && shared !== 'revoked' ? pictureOf(shared.prediction) : null
      const thumbnail = picture && (await deps.thumbnails.of(picture))
      if (!thumbnail) return c.notFound()
      c.header('Content-Type', 'image/jpeg')
      c.header('Cache-Control', 'private, no-cache')
      return c.body(thumbnail)
    })
    .get('/s/:token/files/:ref/:name', async (c) => {
      const shared = await find(c, deps)
      if (!shared || shared === 'revoked') return c.notFound()
      const file = shared.prediction.files.find(({ ref }) => ref === c.req.param('ref'))
      return file ? sendFile(c, deps.files, file) : c.notFound()
    })
}

async function find(c: Context, deps: Deps): Promise<Shared | 'revoked' | null> {
  const token = c.req.param('token') ?? ''
  const share = isId(token) ? await deps.store.findShare(token) : null
  if (!share) return null
  if (share.revokedAt !== null) return 'revoked'
  const prediction = await deps.runner.find(share.prediction)
  if (!prediction) return null
  // Tweak leads to a page that is not shared.
  const tweak = isAuthenticated(c, deps) && mayWith(deps, viewerOf(c, deps), 'see', prediction)
  const allowed = { cancel: false, rerun: false, tweak, follow: false, share: false, delete: false }
  const name = `share ${token} ${tweak}`
  const paths = sharedPaths(deps.paths, token)
  const view = { name, may: allowed, viewer: nobody, paths }
  return { token, prediction: shownTo(nobody, prediction), view }
}

/** The first picture of a prediction, for previews of its link. */
function pictureOf(prediction: Prediction): StoredFile | null {
  if (!isSettled(prediction)) return null
  return madeFiles(prediction).find(({ type }) => type.startsWith('image/')) ?? null
}

function EndedPage() {
  return (
    <MessagePage
      title='This link has been revoked'
      text='The person who shared this prediction has revoked the link. Ask them for a new one.'
    />
  )
}
