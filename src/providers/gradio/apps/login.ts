import { objectIn, textIn } from '../../../domain/json/parts.ts'
import type { RequestHeaders, UpstreamClient, UpstreamResponse } from '../../upstream/client.ts'

/** Whether a key is one of Hugging Face. */
export function isHubToken(key: string): boolean {
  return key.startsWith('hf_')
}

/** Whether a key is `user:password`, with which people sign in at an app. */
export function isPassword(key: string): boolean {
  return key.includes(':')
}

/** The headers with which a key that is no password is sent. */
export function bearer(key: string | null): RequestHeaders {
  return key === null || isPassword(key) ? {} : { Authorization: `Bearer ${key}` }
}

/** Whether a response says that one has to sign in at the app. */
export function asksForLogin({ status, json }: UpstreamResponse): boolean {
  return status === 401 && textIn(objectIn(objectIn(json).detail).error) === 'Not authenticated'
}

/**
 * Signs in at an app with `user:password`, as people do. Returns the headers to send from then on; null when the
 * app does not let us in. Rejects with `RequestError`.
 */
export async function logIn(
  url: string,
  key: string,
  client: UpstreamClient,
): Promise<RequestHeaders | null> {
  const at = key.indexOf(':')
  const form = new URLSearchParams({ username: key.slice(0, at), password: key.slice(at + 1) })
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const response = await client.post(`${url}/login`, form.toString(), type)
  const cookies = cookiesIn(response)
  return response.status === 200 && cookies !== '' ? { Cookie: cookies } : null
}

const mostCookieUnits = 8_000

/** The names and values of the cookies that a response sets. */
function cookiesIn({ headers }: UpstreamResponse): string {
  const set = headers['set-cookie'] ?? []
  const all = typeof set === 'string' ? [set] : set
  const pairs = all.map((one) => (one.split(';', 1)[0] ?? '').trim())
  const joined = pairs.filter((pair) => /^[\w.-]+=[\x21-\x7e]*$/.test(pair)).join('; ')
  return joined.length <= mostCookieUnits ? joined : ''
}
