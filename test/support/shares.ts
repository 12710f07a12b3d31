import { hash } from 'node:crypto'
import type { Share, SharedThing } from '../../src/domain/people/share.ts'
import { start } from './domain.ts'
import type { TestApp } from './test-app.ts'

/** A share link for anyone, with a token of its own, to the prediction of an id or something else. */
export function shareOf(
  token: string,
  of: string | SharedThing,
  changes: Partial<Share> = {},
): Share {
  return {
    id: `share ${token}`,
    hash: hash('sha256', token),
    of: typeof of === 'string' ? ofPrediction(of) : of,
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

/** What a share link to a prediction leads to. */
export function ofPrediction(id: string): SharedThing {
  return { kind: 'prediction', id }
}

/** The share links of a prediction or something else that were not ended, each with its path. */
export async function shareLinksOf(
  { store, shareLinks, paths }: Pick<TestApp, 'store' | 'shareLinks' | 'paths'>,
  of: string | SharedThing,
): Promise<readonly { readonly id: string; readonly link: string }[]> {
  const shares = await store.sharesOf(typeof of === 'string' ? ofPrediction(of) : of)
  return shares.map((share) => ({
    id: share.id,
    link: paths.share(shareLinks.tokenOf(share) ?? ''),
  }))
}
