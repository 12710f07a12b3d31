import { hash } from 'node:crypto'
import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import { type Config, hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { accountsOf } from '../../domain/people/account.ts'
import { type AuditEntry, newAuditEntry } from '../../domain/people/audit.ts'
import type { Person } from '../../domain/people/person.ts'
import type { PersonalToken } from '../../domain/people/personal-token.ts'
import { isAllowed, standingOf } from '../../domain/people/standing.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { auditNameOf } from './audit.ts'
import { clientAddress } from './connection.ts'
import { isTokenText } from './token-text.ts'

/** Whose request a token makes. */
export interface TokenBearer {
  readonly viewer: Viewer
  /** The account for which the token acts. */
  readonly account: string
  /** Id of a personal token; null for one of the environment. */
  readonly token: string | null
}

/** How long a process believes what it read, in milliseconds. */
const believedMs = 5_000
/** How often a use is kept. */
const usedEveryMs = 60_000
const mostKnown = 10_000

interface Known {
  readonly readAt: number
  /** The number of changes of people and tokens before it was read. */
  readonly changes: number
  readonly token: PersonalToken | null
  readonly bearer: TokenBearer | null
  usedAt: number | null
}

/**
 * Reads personal API tokens. Their rights are those that the person has now, narrowed by their scopes:
 * nothing is copied when a token is made.
 */
export function personalTokenReader(deps: Deps) {
  const { store, now, people } = deps
  const known = new LRUCache<string, Known>({ max: mostKnown })

  async function read(key: string): Promise<Known> {
    const changes = people.changes()
    const token = await store.findToken(key)
    const person = token && (await store.findPerson(token.person))
    const bearer = token && person ? bearerOf(deps, token, person) : null
    const one = { readAt: now(), changes, token, bearer, usedAt: token?.usedAt ?? null }
    known.set(key, one)
    return one
  }

  function noteUse(c: Context, one: Known, token: PersonalToken, viewer: Viewer): void {
    const at = now()
    const isFirst = one.usedAt === null
    if (one.usedAt !== null && at - one.usedAt < usedEveryMs) return
    one.usedAt = at
    const address = clientAddress(c, deps)
    const change = isFirst ? store.recording(firstUse(deps, token, viewer, address)) : store
    change
      .useToken(token.id, at, address)
      .catch((error) => deps.log.error({ error }, 'The use of a token was not saved'))
  }

  /** The bearer of a token that was sent; null when it is not valid. */
  return async (c: Context, text: string): Promise<TokenBearer | null> => {
    if (!isTokenText(text)) return null
    const key = tokenHash(text)
    const before = known.get(key)
    const isCurrent = before?.changes === people.changes()
    const isBelieved = isCurrent && Math.abs(now() - before.readAt) < believedMs
    const one = isBelieved ? before : await read(key)
    const { token, bearer } = one
    if (!token || !bearer || isOver(token, now())) return null
    noteUse(c, one, token, bearer.viewer)
    return bearer
  }
}

/** The hash under which a token is kept. It is random, so a fast one is right. */
export function tokenHash(text: string): string {
  return hash('sha256', text, 'hex')
}

/** Whether a token was revoked or has expired. */
export function isOver({ revokedAt, expiresAt }: PersonalToken, now: number): boolean {
  return revokedAt !== null || (expiresAt !== null && expiresAt <= now)
}

function bearerOf(
  { config }: Deps,
  { id, account, scopes }: PersonalToken,
  person: Person,
): TokenBearer | null {
  if (person.disabledAt !== null || !signsInHere(config, person)) return null
  const viewer: Viewer = {
    id: person.id,
    kind: 'person',
    ...standingOf(config.standing, person),
    scopes: new Set(scopes),
  }
  return accountsOf(viewer).includes(account) ? { viewer, account, token: id } : null
}

/** Whether a person can sign in as the server is set up now. */
function signsInHere({ auth, standing }: Config, person: Person): boolean {
  const { issuer } = person
  if (auth.kind === 'header' || auth.kind === 'basic') return issuer === auth.kind
  const isNamed = issuer === 'header' || issuer === 'basic'
  return !isNamed && hasPeople({ auth }) && isAllowed(standing, person)
}

function firstUse(
  { newId, now }: Deps,
  { id, name }: PersonalToken,
  viewer: Viewer,
  address: string,
): AuditEntry {
  return newAuditEntry({
    id: newId(),
    at: now(),
    actor: viewer.id,
    actorName: auditNameOf(viewer),
    via: 'api',
    action: 'token used first',
    address,
    token: id,
    subject: name,
  })
}
