/** An address without trailing slashes, so that paths can be appended to it. */
export function withoutEndSlashes(address: string): string {
  let end = address.length
  while (address.endsWith('/', end)) end--
  return address.slice(0, end)
}

const longestUrl = 2_000

/** A URL that pages may link to: `http:` or `https:`, without credentials. Null for any other text. */
export function webUrl(text: string | null | undefined): string | null {
  const url = text && text.length <= longestUrl ? URL.parse(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  return url.href
}

const hostAndPort = /^(?:[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\]):\d{1,5}(?:[/?#]|$)/i

/**
 * The URL in typed text: an http address, or a host and a port without the scheme, such as `localhost:5000`. Null
 * for anything else, and for one with credentials.
 */
export function typedUrl(text: string): URL | null {
  const typed = text.trim()
  const url = URL.parse(hostAndPort.test(typed) ? `http://${typed}` : typed)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  return url.username === '' && url.password === '' ? url : null
}

/** A server as an operator named it. */
export interface ServerAddress {
  /** Its URL without `/v1` and what follows: `http://gpu-1:8000`. */
  readonly base: string
  /** The model that was named after `#`; null for none. */
  readonly model: string | null
}

/** Hosts of Replicate, whose addresses are no servers of models. */
export const replicateHost = /(?:^|\.)replicate\.com$/i
const huggingFaceHost = /^huggingface\.co$/i

/** The server that a text names, with or without `/v1`; null when it is no address. */
export function serverAddress(text: string): ServerAddress | null {
  const url = typedUrl(text)
  if (!url || replicateHost.test(url.hostname) || huggingFaceHost.test(url.hostname)) return null
  return {
    base: `${url.origin}${basePath(url.pathname)}`,
    model: decoded(url.hash.slice(1)) || null,
  }
}

/** The path before `/v1`, or before `/api`, which is Ollama's. */
function basePath(path: string): string {
  const at = `${path}/`.indexOf('/v1/')
  const whole = withoutEndSlashes(at < 0 ? path : path.slice(0, at))
  return at < 0 && whole.endsWith('/api') ? whole.slice(0, -'/api'.length) : whole
}

/** A part of a URL, with its percent-encoding resolved where that is possible. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
