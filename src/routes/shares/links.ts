import type { Context } from 'hono'
import type { ShareBoxProps } from '../../../views/panel/share-box.tsx'
import type { LinkLine } from '../../../views/shares/link-list.tsx'
import type { Deps } from '../../deps.ts'
import { endOf, type SharedThing } from '../../domain/people/share.ts'
import { originOf } from '../request/page.tsx'

/** The share links of a prediction or a group that still work, oldest first. */
export async function linksOf(
  deps: Pick<Deps, 'store' | 'shareLinks' | 'paths' | 'now'>,
  thing: SharedThing,
  origin: string,
): Promise<readonly LinkLine[]> {
  const shares = await deps.store.sharesOf(thing)
  return shares
    .filter((share) => endOf(share, deps.now()) === null)
    .map((share) => {
      const token = deps.shareLinks.tokenOf(share)
      return { share, url: token === null ? null : origin + deps.paths.share(token) }
    })
}

/** The share links of something for its page; null where the viewer may not share it, and without links. */
export async function shareBox(
  c: Context,
  deps: Deps,
  thing: SharedThing,
  mayShare: boolean,
): Promise<ShareBoxProps | null> {
  if (!mayShare) return null
  const origin = originOf(c, deps)
  const links = await linksOf(deps, thing, origin)
  return links.length > 0 ? { links, origin } : null
}
