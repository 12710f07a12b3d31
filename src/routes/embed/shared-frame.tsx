import type { Context } from 'hono'
import { EmbedPage } from '../../../views/embed/embed-page.tsx'
import { EmbedPanel } from '../../../views/embed/embed-panel.tsx'
import { Refresh } from '../../../views/panel/prediction-panel.tsx'
import type { Deps } from '../../deps.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import { sharedPaths } from '../../paths.ts'
import type { PanelView } from '../panels/panel-renderer.tsx'
import { type Panels, refreshSeconds } from '../panels/panels.ts'
import { findShare } from '../shares/share-in-path.ts'
import { lookQuery, sendEmbedPage } from './embed-answers.tsx'

/** The page for a frame with a shared prediction alone; null when the token is not of a share for anyone. */
export async function sharedFrame(
  c: Context,
  deps: Deps,
  panels: Panels,
): Promise<Response | null> {
  if (deps.config.embedOrigins.length === 0) return null
  const token = c.req.param('token') ?? ''
  const found = await findShare(deps, nobody, token)
  if (found.is !== 'open') return null
  const { prediction } = found
  const paths = sharedPaths(deps.paths, token)
  const panel = await panels.props(c, prediction, viewOf(token, paths))
  const here = deps.paths.embed(token) + lookQuery(c)
  return sendEmbedPage(c, deps, {
    title: `Made with ${prediction.model.name}`,
    content: <EmbedPage model={prediction.model} result={<EmbedPanel {...panel} />} />,
    head: isSettled(prediction) ? null : <Refresh here={here} seconds={refreshSeconds(panel)} />,
    origins: deps.config.embedOrigins,
    paths,
    status: 200,
  })
}

function viewOf(token: string, paths: PanelView['paths']): PanelView {
  const may = { cancel: false, rerun: false, tweak: false, follow: false, share: false }
  return {
    name: `share ${token}`,
    may: { ...may, delete: false },
    viewer: nobody,
    isTheirs: false,
    paths,
    Panel: EmbedPanel,
  }
}
