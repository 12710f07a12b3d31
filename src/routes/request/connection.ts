import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a header. It arrives as Latin-1, whatever it was; most clients send UTF-8. */
export function headerText(sent: string): string {
  try {
    return utf8.decode(Buffer.from(sent, 'latin1'))
  } catch {
    return sent
  }
}

/** A header by its name in lower case. Over a socket this does not build a `Headers` of all of them. */
export function requestHeader(c: Context, name: string): string | undefined {
  const sent = c.env?.incoming?.headers
  return sent ? sent[name] : c.req.header(name)
}

/**
 * The host that a request names, without its port, in lower case. Null when it names two: in two
 * `Host` headers, or in one and in an absolute target.
 */
export function hostName(c: Context): string | null {
  const header = requestHeader(c, 'host') ?? new URL(c.req.url).host
  if (hasTwoHostHeaders(c)) return null
  if (hasAbsoluteTarget(c) && URL.parse(`http://${header}`)?.host !== new URL(c.req.url).host)
    return null
  return header.replace(/:\d*$/, '').toLowerCase()
}

/** Node uses the first of two `Host` headers; a proxy in front may have checked the other. */
function hasTwoHostHeaders(c: Context): boolean {
  const raw: readonly string[] = c.env?.incoming?.rawHeaders ?? []
  let hosts = 0
  for (let at = 0; at < raw.length; at += 2)
    if (raw[at]?.length === 4 && raw[at]?.toLowerCase() === 'host') hosts++
  return hosts > 1
}

/** `GET http://host/path`, as clients ask a proxy. */
function hasAbsoluteTarget(c: Context): boolean {
  return c.env?.incoming !== undefined && !c.env.incoming.url.startsWith('/')
}

/** The client's address; behind a trusted proxy, the one that it forwards. */
export function clientAddress(c: Context, { config }: Deps): string {
  const forwarded = config.trustProxy
    ? c.req.header('X-Forwarded-For')?.split(',').at(-1)
    : undefined
  return forwarded?.trim() || remoteAddress(c)
}

/** The address at the other end of the socket; empty without one. */
export function remoteAddress(c: Context): string {
  if (!c.env?.incoming) return ''
  return (c.env.incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}
