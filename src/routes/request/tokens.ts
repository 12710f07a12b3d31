import { hash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { requestHeader } from './connection.ts'
import { personalTokenReader, type TokenBearer } from './personal-tokens.ts'
import { looksPersonal } from './token-text.ts'

type Tokens = Pick<Config, 'apiTokens'>

/** The token that a request carries; null without one. */
export function sentToken(c: Context): string | null {
  const sent = requestHeader(c, 'authorization') ?? ''
  return /^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(sent)?.[1] ?? null
}

/** Reads whose request a token makes: a person’s, or one of the environment; null for any other text. */
export function tokenReader(deps: Deps) {
  const machineOf = machineReader(deps.config)
  const personOf = personalTokenReader(deps)
  return (c: Context, text: string): TokenBearer | null | Promise<TokenBearer | null> => {
    const machine = machineOf(text)
    if (machine || !looksPersonal(text)) return machine
    return personOf(c, text)
  }
}

function machineReader({ apiTokens }: Tokens): (text: string) => TokenBearer | null {
  if (apiTokens.length === 0) return () => null
  const known = apiTokens.map(hashOf)
  return (text) => {
    const claimed = hashOf(text)
    // Compares all hashes, each in constant time, so that the time tells nothing.
    let found = false
    for (const one of known) found = timingSafeEqual(one, claimed) || found
    if (!found) return null
    const viewer = machineOfHash(claimed)
    return { viewer, account: viewer.id, token: null }
  }
}

/** The viewers of the tokens of the environment. Each is an account of its own. */
export function machineViewers({ apiTokens }: Tokens): readonly Viewer[] {
  return apiTokens.map((token) => machineOfHash(hashOf(token)))
}

function machineOfHash(hashed: Buffer): Viewer {
  const id = `token:${hashed.toString('hex', 0, 8)}`
  return { id, kind: 'machine', role: 'operator', namespaces: [], scopes: null }
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
