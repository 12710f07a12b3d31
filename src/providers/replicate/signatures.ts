import { subtle } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Callback, Received } from '../provider.ts'
import type { ReplicateClient } from './client.ts'
import { readSecret } from './responses.ts'

/** How old, or how far ahead, a callback may be, in seconds. */
const windowSeconds = 5 * 60

/** Ids of callbacks that are remembered. Older ones are out of the window long before. */
const mostSeen = 10_000

/** A secret that is being changed signs beside the new one. */
const mostSignatures = 10

const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const

/**
 * Tells callbacks of the service from others': they are signed over their very bytes with a secret
 * that the service tells us. Each counts once.
 */
export function createSignatures(client: ReplicateClient, againMs: number, now: () => number) {
  const seen = new LRUCache<string, true>({ max: mostSeen })
  let secret: Promise<string> | null = null
  let askedAt = -Infinity

  /** The secret may have been changed since; whoever sends forgeries cannot make us ask often. */
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

  /** As https://www.standardwebhooks.com says, by Node's own means: they look at large bodies beside the event loop. */
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
    /** `taken`: it is theirs, and did not come before. `repeated`: it did. */
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
