import type { Context } from 'hono'
import { EmbedMessage } from '../../../views/embed/embed-document.tsx'
import { EmbedPanel } from '../../../views/embed/embed-panel.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { type PanelView, panelHeaders } from '../panels/panel-renderer.tsx'
import type { SharedView } from '../panels/panels.ts'
import { render } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { viewerNow } from '../request/sender.ts'
import { readableHeaders, swappedStatus } from './embed-answers.tsx'
import { type Embed, embedInPath, refused } from './embed-in-path.ts'

/**
 * The prediction with this id that an embed shows: one that was made by it, that of its share link, or, where
 * nobody signs in, one that everyone may see. Null for any other.
 */
export async function findEmbedded(
  deps: Pick<Deps, 'runner'>,
  embed: Embed,
  id: string,
): Promise<Prediction | null> {
  const { shared, link, viewer } = embed
  if (shared) return shared.id === id ? shared : null
  const prediction = isId(id) ? await deps.runner.find(id) : null
  if (!prediction) return null
  const isForAll = link === null && mayWith(deps, viewer, 'see', prediction)
  return isMadeBy(embed, prediction) || isForAll ? shownTo(nobody, prediction) : null
}

/** Whether a visitor of the embed made it, and so may cancel it. */
export function isMadeBy({ shared, viewer }: Embed, { createdBy }: Prediction): boolean {
  return shared === null && createdBy === viewer.id
}

/** The panel as an embed shows it, for as long as its link works. */
export function embeddedView(
  c: Context,
  deps: Deps,
  embed: Embed,
  prediction: Prediction,
): SharedView {
  return {
    view: viewBy(embed, prediction),
    // The origin was found to be one of these, or ours.
    headers: {
      'Access-Control-Allow-Origin': c.req.header('Origin') ?? embed.origins[0] ?? '',
      'Access-Control-Expose-Headers': readableHeaders.join(),
    },
    viewNow: async () => {
      await viewerNow(c, deps)
      const now = await embedInPath(c, deps)
      const shown = now.is === 'open' && (await findEmbedded(deps, now, prediction.id))
      return shown ? viewBy(now, prediction) : null
    },
    gone: async () => {
      const now = await embedInPath(c, deps)
      const refusal = now.is === 'refused' ? now : refused.noPrediction
      const html = await render(c, deps, <EmbedMessage {...refusal} />)
      const status = swappedStatus(c, refusal.status)
      return { status, headers: panelHeaders, body: new TextEncoder().encode(html) }
    },
  }
}

export function viewBy(embed: Embed, prediction: Prediction): PanelView {
  const { viewer, paths, link } = embed
  const cancel = isMadeBy(embed, prediction)
  return {
    name: `embed ${link?.id ?? ''} ${cancel} ${paths.predictions()}`,
    may: { cancel, rerun: false, tweak: false, follow: false, share: false, delete: false },
    viewer,
    isTheirs: cancel,
    paths,
    Panel: EmbedPanel,
  }
}
