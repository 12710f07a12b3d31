import type { LinkLine } from '../../../views/shares/link-list.tsx'
import type { Deps } from '../../deps.ts'
import { endOf } from '../../domain/people/share.ts'

/** The share links of a prediction that still work, oldest first. */
export async function linksOf(
  deps: Pick<Deps, 'store' | 'shareLinks' | 'paths' | 'now'>,
  prediction: string,
  origin: string,
): Promise<readonly LinkLine[]> {
  const shares = await deps.store.sharesOf(prediction)
  return shares
    .filter((share) => endOf(share, deps.now()) === null)
    .map((share) => {
      const token = deps.shareLinks.tokenOf(share)
      return { share, url: token === null ? null : origin + deps.paths.share(token) }
    })
}
