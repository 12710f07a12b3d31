import { type Context, Hono } from 'hono'
import { GonePanel } from '../../../views/pages/message-page.tsx'
import { EndedSharePage, SignInForSharePage } from '../../../views/shares/ended-share-page.tsx'
import { SharedPage } from '../../../views/shares/shared-page.tsx'
import type { Deps } from '../../deps.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { sendFile } from '../files/content.ts'
import { linkMeta, pictureOf } from '../files/link-meta.ts'
import { sendInertText } from '../files/output-content.ts'
import type { GroupPanels } from '../groups/group-panels.tsx'
import { sharedJudgementBox } from '../judgement/judgement-box.ts'
import type { PanelView } from '../panels/panel-renderer.tsx'
import { type Panels, refreshSeconds } from '../panels/panels.ts'
import { fragment, originOf, page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { viewerNow } from '../request/sender.ts'
import { createOpenings } from './openings.ts'
import {
  type ClosedShare,
  type FoundShare,
  findShare,
  memberInPath,
  type OpenShare,
  shareInPath,
} from './share-in-path.ts'
import { drawSharedForm } from './shared-form.tsx'
import { answerSharedGroup, sendGroupFile, sendSharedGroup } from './shared-groups.tsx'

/** The panels of what is shared. */
interface SharedPanels {
  readonly panels: Panels
  readonly groupPanels: GroupPanels
}

/** The panels of shared predictions and groups, routed as early as `panelRoutes`. */
export function sharedPanelRoutes(deps: Deps, { panels, groupPanels }: SharedPanels) {
  async function answer(c: Context) {
    const found = await shareInPath(c, deps)
    const findNow = async () =>
      findShare(deps, await viewerNow(c, deps), c.req.param('token') ?? '', memberInPath(c))
    if (found.is === 'open group') return answerSharedGroup(c, groupPanels, found, findNow)
    if (found.is !== 'open') return fragment(c, deps, <GonePanel />, 404)
    const viewNow = async () => {
      const now = await findNow()
      return now.is === 'open' ? viewBy(deps, now) : null
    }
    return panels.answer(c, found.prediction, { view: viewBy(deps, found), viewNow })
  }
  return new Hono().get('/s/:token/panel', answer).get('/s/:token/p/:id/panel', answer)
}

/**
 * The pages of shared predictions and groups. The token in a link is the only permission needed, and gives no
 * other.
 */
export function shareRoutes(deps: Deps, { panels, groupPanels }: SharedPanels) {
  const openings = createOpenings(deps)

  async function sendLogs(c: Context) {
    const found = await shareInPath(c, deps)
    return found.is === 'open'
      ? sendInertText(c, 'text/plain', found.prediction.logs)
      : c.notFound()
  }

  return new Hono()
    .use('/s/*', async (c, next) => {
      c.header('X-Robots-Tag', 'noindex')
      await next()
    })
    .get('/s/:token', async (c) => {
      const found = await shareInPath(c, deps)
      if (isClosed(found)) return refuse(c, deps, found)
      openings.count(c, found)
      if (found.is === 'open group') return sendSharedGroup(c, deps, groupPanels, found)
      return drawShared(c, deps, panels, found)
    })
    .get('/s/:token/p/:id', async (c) => {
      const found = await shareInPath(c, deps)
      if (isClosed(found)) return refuse(c, deps, found)
      return found.is === 'open' ? drawShared(c, deps, panels, found) : c.notFound()
    })
    .get('/s/:token/form', async (c) => {
      const found = await shareInPath(c, deps)
      if (isClosed(found)) return refuse(c, deps, found)
      const drawn = found.is === 'open' ? await drawSharedForm(c, deps, found) : null
      const paths = { ...deps.paths, file: found.paths.file }
      return drawn ? page(c, { ...deps, paths }, drawn) : c.notFound()
    })
    .get('/s/:token/logs.txt', sendLogs)
    .get('/s/:token/p/:id/logs.txt', sendLogs)
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
      if (found.is === 'open group') return sendGroupFile(c, deps, found)
      if (found.is !== 'open') return c.notFound()
      const file = found.prediction.files.find(({ ref }) => ref === c.req.param('ref'))
      return file ? sendFile(c, deps.files, file) : c.notFound()
    })
}

function isClosed(found: FoundShare): found is ClosedShare {
  return found.is !== 'open' && found.is !== 'open group'
}

function refuse(c: Context, deps: Deps, found: ClosedShare) {
  if (found.is === 'missing') return c.notFound()
  if (found.is === 'sign in') return page(c, deps, <SignInForSharePage />, 401)
  return page(c, deps, <EndedSharePage {...found} />, 410)
}

async function drawShared(c: Context, deps: Deps, panels: Panels, found: OpenShare) {
  const { prediction, viewer, token, group } = found
  const view = viewBy(deps, found)
  const panel = await panels.props(c, prediction, view)
  const { paths } = view
  const thumbnail = () => deps.paths.shareThumbnail(token)
  const linked = { ...paths, picture: thumbnail }
  return page(
    c,
    { ...deps, paths },
    <SharedPage
      {...panel}
      refreshSeconds={refreshSeconds(panel)}
      group={group}
      judgement={await sharedJudgementBox(deps, viewer, prediction)}
      link={group ? null : linkMeta(originOf(c, deps), prediction, linked)}
    />,
  )
}

/** The panel as this link shows it. Tweak leads to a page that is not shared, or to the form of the link. */
function viewBy(deps: Deps, found: OpenShare): PanelView {
  const { token, prediction, viewer, mayRun, paths } = found
  const maySee = viewer.kind !== 'nobody' && mayWith(deps, viewer, 'see', prediction)
  const tweak = (maySee || mayRun) && prediction.dataRemovedAt === null
  return {
    name: `share ${token} ${tweak} ${maySee}`,
    may: { cancel: false, rerun: false, tweak, follow: false, share: false, delete: false },
    viewer: nobody,
    isTheirs: false,
    paths: maySee ? paths : { ...paths, workspace: () => deps.paths.shareForm(token) },
  }
}
