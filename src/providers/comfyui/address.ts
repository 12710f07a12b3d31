import { withoutEndSlashes } from '../../domain/address.ts'

/** Hosts whose addresses are for another provider. */
const elsewhere = /(?:^|\.)replicate\.com$/i
const hostAndPort = /^(?:[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\]):\d{1,5}(?:[/?#]|$)/i

/**
 * The address of a server in typed text, without a slash at the end: it may be under a path. Null for
 * a text that is no address of one.
 */
export function addressIn(text: string): string | null {
  const typed = text.trim()
  const url = URL.parse(hostAndPort.test(typed) ? `http://${typed}` : typed)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  if (elsewhere.test(url.hostname)) return null
  return withoutEndSlashes(`${url.origin}${url.pathname}`)
}
