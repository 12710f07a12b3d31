import type { RequestHeaders } from '../../upstream/client.ts'

/**
 * The headers that carry a key: ComfyUI has no passwords, but the proxy before it may. `user:password` is sent as
 * one, and any other key as a bearer token.
 */
export function authorization(key: string | null): RequestHeaders {
  if (key === null) return {}
  const isPassword = key.includes(':')
  return {
    Authorization: isPassword ? `Basic ${Buffer.from(key).toString('base64')}` : `Bearer ${key}`,
  }
}

export function wantsKey(url: string, key: string | null): string {
  return key === null
    ? `The server at ${url} wants a key: a token, or user:password.`
    : `The server at ${url} does not accept this key.`
}
