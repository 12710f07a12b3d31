import { hash } from 'node:crypto'
import type { Share } from '../../src/domain/people/share.ts'
import { start } from './domain.ts'
import type { TestApp } from './test-app.ts'

/** A share link for anyone, with a token of its own. */
export function shareOf(token: string, prediction: string, changes: Partial<Share> = {}): Share {
  return {
    id: `share ${token}`,
    hash: hash('sha256', token),
    prediction,
    createdBy: 'ann',
    createdAt: start,
    audience: 'anyone',
    people: [],
    scope: 'see',
    expiresAt: null,
    opens: 0,
    openedAt: null,
    endedAt: null,
    ended: null,
    ...changes,
  }
}

/** The share links of a prediction that were not ended, each with its path. */
export async function shareLinksOf(
  { store, shareLinks, paths }: Pick<TestApp, 'store' | 'shareLinks' | 'paths'>,
  prediction: string,
): Promise<readonly { readonly id: string; readonly link: string }[]> {
  const shares = await store.sharesOf(prediction)
  return shares.map((share) => ({
    id: share.id,
    link: paths.share(shareLinks.tokenOf(share) ?? ''),
  }))
}
