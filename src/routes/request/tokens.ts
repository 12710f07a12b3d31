import { hash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Config } from '../../config.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { requestHeader } from './connection.ts'

type Tokens = Pick<Config, 'apiTokens'>

/** Reads the viewer of an API token from a request; null without a valid token. */
export function tokenReader({ apiTokens }: Tokens): (c: Context) => Viewer | null {
  const known = apiTokens.map(hashOf)
  return (c) => {
    const given = /^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(
      requestHeader(c, 'authorization') ?? '',
    )?.[1]
    if (given === undefined) return null
    const claimed = hashOf(given)
    // Compares all hashes, each in constant time, so that the time tells nothing.
    let found = false
    for (const one of known) found = timingSafeEqual(one, claimed) || found
    return found ? viewerOfHash(claimed) : null
  }
}

/** The viewers of all tokens. A token may do what an operator may. */
export function tokenViewers({ apiTokens }: Tokens): readonly Viewer[] {
  return apiTokens.map((token) => viewerOfHash(hashOf(token)))
}

function viewerOfHash(hashed: Buffer): Viewer {
  const id = `token:${hashed.toString('hex', 0, 8)}`
  return { id, kind: 'machine', role: 'operator', namespaces: [], scopes: null }
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
