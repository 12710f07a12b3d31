import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { SignInSettings } from '../../config.ts'
import type { Ended } from './provider.ts'

const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const oldestSeconds = 120
const clockToleranceSeconds = 30
const event = 'http://schemas.openid.net/event/backchannel-logout'

/** The codes of failures to read the keys of the provider. */
const unreached: readonly string[] = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT']

/** Tokens are at most two minutes old, so that the ids of the last five are enough. */
const knownForMs = 5 * 60_000
const mostKnown = 10_000

type Keys = ReturnType<typeof createRemoteJWKSet>

/** Reads logout tokens of a provider; null for one that is not valid, or was read before. */
export function createLogoutReader({ clientId }: SignInSettings, now: () => number) {
  const seen = new LRUCache<string, true>({
    max: mostKnown,
    ttl: knownForMs,
    ttlResolution: 0,
    perf: { now },
  })
  let keys: { readonly uri: string; readonly read: Keys } | null = null

  return async (token: string, issuer: string, jwksUri: string): Promise<Ended | null> => {
    if (keys?.uri !== jwksUri) keys = { uri: jwksUri, read: createRemoteJWKSet(new URL(jwksUri)) }
    const claims = await verified(token, keys.read, {
      issuer,
      audience: clientId,
      algorithms,
      maxTokenAge: oldestSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    const ended = claims && endedBy(issuer, claims)
    if (!claims?.jti || !ended || seen.has(claims.jti)) return null
    seen.set(claims.jti, true)
    return ended
  }
}

/** The claims of a token; null when it is not valid. Rejects when the keys cannot be read. */
async function verified(
  token: string,
  keys: Keys,
  checks: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, keys, checks)).payload
  } catch (error) {
    if (error instanceof errors.JOSEError && !unreached.includes(error.code)) return null
    throw error
  }
}

function endedBy(issuer: string, { events, nonce, sid, sub }: JWTPayload): Ended | null {
  if (nonce !== undefined || typeof events !== 'object' || events === null) return null
  const about: unknown = Reflect.get(events, event)
  if (typeof about !== 'object' || about === null) return null
  const ended = { issuer, sid: typeof sid === 'string' ? sid : null, subject: sub ?? null }
  return ended.sid === null && ended.subject === null ? null : ended
}
