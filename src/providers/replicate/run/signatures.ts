import { subtle } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Callback, Received } from '../../provider.ts'
import type { ReplicateClient } from '../client.ts'
import { readSecret } from '../responses.ts'

/** How far the time of a webhook may be from ours, in seconds. */
const windowSeconds = 5 * 60

/** The most ids of webhooks that are remembered. */
const mostSeen = 10_000

/** A webhook has several signatures while the secret is changed. */
const mostSignatures = 10

const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const

/** Verifies the signatures of webhooks with the secret of the account, and finds repeated ones. */
export function createSignatures(client: ReplicateClient, againMs: number, now: () => number) {
  const seen = new LRUCache<string, true>({ max: mostSeen })
  let secret: Promise<string> | null = null
  let askedAt = -Infinity

  /** `anew` fetches the secret again, in case it was changed, but not more often than `againMs`. */
  function currentSecret(anew: boolean): Promise<string> {
    if (secret && !(anew && now() - askedAt >= againMs)) return secret
    askedAt = now()
    const asked = client.get('webhooks/default/secret').then((answer) => readSecret(answer).key)
    secret = asked
    asked.catch(() => {
      if (secret === asked) secret = null
    })
    return asked
  }

  /** As https://www.standardwebhooks.com defines it. Web Crypto hashes large bodies off the event loop. */
  async function isSigned(callback: Callback, anew: boolean): Promise<boolean> {
    const secret = (await currentSecret(anew)).replace(/^whsec_/, '')
    const bytes = Buffer.from(secret, 'base64')
    const key = await subtle.importKey('raw', bytes, algorithm, false, ['verify'])
    const { headers, body } = callback
    const head = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.`
    const signed = Buffer.concat([Buffer.from(head), body])
    for (const one of headers.get('webhook-signature')?.split(' ').slice(0, mostSignatures) ?? []) {
      const [scheme, signature = ''] = one.split(',')
      if (scheme !== 'v1') continue
      if (await subtle.verify('HMAC', key, Buffer.from(signature, 'base64'), signed)) return true
    }
    return false
  }

  return {
    /** `taken`: it is valid and new. `repeated`: it is valid and came before. */
    async check(callback: Callback): Promise<Received | 'repeated'> {
      const id = callback.headers.get('webhook-id')
      const timestamp = callback.headers.get('webhook-timestamp')
      if (!id || !timestamp || !callback.headers.get('webhook-signature')) return 'malformed'
      if (!/^\d{1,12}$/.test(timestamp)) return 'malformed'
      if (Math.abs(now() / 1_000 - Number(timestamp)) > windowSeconds) return 'stale'
      try {
        const signed = (await isSigned(callback, false)) || (await isSigned(callback, true))
        if (!signed) return 'forged'
      } catch {
        return 'unchecked'
      }
      if (seen.has(id)) return 'repeated'
      seen.set(id, true)
      return 'taken'
    },
  }
}
