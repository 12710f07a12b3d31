/**
 * The origin of a container in typed text: an http address, or a host and a port without the
 * scheme, such as `localhost:5000`. Null for anything else.
 */
export function containerOrigin(text: string): string | null {
  const typed = text.trim()
  const url = URL.parse(hostAndPort.test(typed) ? `http://${typed}` : typed)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  return url.username === '' && url.password === '' ? url.origin : null
}

const hostAndPort = /^(?:[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\]):\d{1,5}(?:[/?#]|$)/i
