import { replicateHost, typedUrl, withoutEndSlashes } from '../../domain/address.ts'

/**
 * The address of a server in typed text, without a slash at the end: it may be under a path. Null for
 * a text that is no address of one.
 */
export function addressIn(text: string): string | null {
  const url = typedUrl(text)
  if (!url || replicateHost.test(url.hostname)) return null
  return withoutEndSlashes(`${url.origin}${url.pathname}`)
}
