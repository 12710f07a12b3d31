import { createHmac, hash } from 'node:crypto'
import { newId } from '../../domain/id.ts'
import type { Share } from '../../domain/people/share.ts'

export type ShareLinks = ReturnType<typeof createShareLinks>

/**
 * The tokens in share links. They are derived from the key of this server and the id of the share, so
 * that a copy of the database opens nothing, while the link can be shown again where it is managed.
 */
export function createShareLinks(key: string) {
  function tokenOf(id: string): string {
    return newId(createHmac('sha256', key).update(`share ${id}`).digest())
  }

  return {
    /** The hash of the token of a new share, which is kept with it. */
    newHash: (id: string): string => hashOfToken(tokenOf(id)),
    /** The hash under which a share is found by its token. */
    hashOf: hashOfToken,
    /** The token of a share; null for one from before tokens were derived, or under another key. */
    tokenOf({ id, hash }: Pick<Share, 'id' | 'hash'>): string | null {
      const token = tokenOf(id)
      return hashOfToken(token) === hash ? token : null
    },
  }
}

function hashOfToken(token: string): string {
  return hash('sha256', token)
}
