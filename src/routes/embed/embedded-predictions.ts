import type { Context } from 'hono'
import { EmbedPanel } from '../../../views/embed/embed-panel.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { PanelView } from '../panels/panel-renderer.tsx'
import type { SharedView } from '../panels/panels.ts'
import { viewerNow } from '../request/sender.ts'
import { type Embed, embedInPath } from './embed-in-path.ts'

/** A prediction with this id that was made by this embed; null for any other. */
export async function findEmbedded(
  { runner }: Pick<Deps, 'runner'>,
  { viewer }: Embed,
  id: string,
): Promise<Prediction | null> {
  const prediction = isId(id) ? await runner.find(id) : null
  return prediction?.createdBy === viewer.id ? shownTo(nobody, prediction) : null
}

/** The panel as an embed shows it, for as long as its link works. */
export function embeddedView(c: Context, deps: Deps, embed: Embed, id: string): SharedView {
  return {
    view: viewBy(embed),
    // The origin was found to be one of these, or ours.
    headers: { 'Access-Control-Allow-Origin': c.req.header('Origin') ?? embed.origins[0] ?? '' },
    viewNow: async () => {
      await viewerNow(c, deps)
      const now = await embedInPath(c, deps)
      return now.is === 'open' && (await findEmbedded(deps, now, id)) ? viewBy(now) : null
    },
  }
}

export function viewBy({ viewer, paths, link }: Embed): PanelView {
  return {
    name: `embed ${link?.id ?? ''} ${paths.predictions()}`,
    may: { cancel: true, rerun: false, tweak: false, follow: false, share: false, delete: false },
    viewer,
    isTheirs: true,
    paths,
    Panel: EmbedPanel,
  }
}
