import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { LRUCache } from 'lru-cache'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { isLoopback } from '../../domain/loopback.ts'
import type { Viewer } from '../../domain/policy.ts'

const cookieName = 'viewer'
const yearSeconds = 365 * 24 * 60 * 60

/** Who is asking. Someone without a name and without a cookie is nobody in particular. */
export function viewerOf(c: Context, deps: Deps): Viewer {
  const { auth, operators } = deps.config
  if (auth.kind === 'basic') return { id: auth.user, operator: true }
  if (auth.kind === 'header') {
    const id = nameInHeader(c, auth.name)
    return { id, operator: operators.includes(id) }
  }
  return { id: signedId(c, deps.key), operator: isLocalOperator(c, deps.config) }
}

/** The name of a person in a header, in one spelling of its accents; empty when it says none. */
export function nameInHeader(c: Context, header: string): string {
  return headerText(c.req.header(header) ?? '').normalize()
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a header, which arrives byte for byte as if it were Latin-1. Most send UTF-8. */
export function headerText(sent: string): string {
  try {
    return utf8.decode(Buffer.from(sent, 'latin1'))
  } catch {
    return sent
  }
}

/**
 * Whether whoever asks is let in at all. At a share link they may not be: then they are nobody, and
 * no page but that link is open to them.
 */
export function isAuthenticated(c: Context, { config: { auth } }: Deps): boolean {
  if (auth.kind === 'header') return nameInHeader(c, auth.name) !== ''
  if (auth.kind !== 'basic') return true
  const right = Buffer.from(`${auth.user}:${auth.password}`)
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? []
  const given = Buffer.from(encoded, 'base64')
  return right.length === given.length && timingSafeEqual(right, given)
}

/** The same, for someone who is about to make something: from now on their browser is known. */
export function ensureViewer(c: Context, deps: Deps): Viewer {
  const viewer = viewerOf(c, deps)
  if (viewer.id !== '') return viewer
  const id = deps.newId()
  setCookie(c, cookieName, `${id}.${signature(id, deps.key)}`, {
    path: `${deps.paths.base}/`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: deps.config.url?.protocol === 'https:',
    maxAge: yearSeconds,
  })
  return { ...viewer, id }
}

/** Our own cookies that were found to be right, and the ids in them. */
const verified = new LRUCache<string, string>({ max: 10_000 })

/** The id in a cookie that we signed; empty for any other. One that was right once is right again. */
function signedId(c: Context, key: string): string {
  const sent = getCookie(c, cookieName)
  if (sent === undefined) return ''
  const known = verified.get(sent)
  if (known !== undefined) return known
  const [id = '', given = ''] = sent.split('.')
  const right = Buffer.from(signature(id, key))
  const claimed = Buffer.from(given)
  if (!isId(id) || right.length !== claimed.length || !timingSafeEqual(right, claimed)) return ''
  verified.set(`${id}.${given}`, id)
  return id
}

function signature(id: string, key: string): string {
  return createHmac('sha256', key).update(id).digest('base64url')
}

/** Whether being on this machine makes whoever asks the operator, where nobody signs in. */
export function isLocalOperator(c: Context, { localOperator }: Pick<Config, 'localOperator'>) {
  return localOperator && isOnThisMachine(c)
}

/** From loopback, by a loopback name, and not passed on by a proxy that serves others. */
function isOnThisMachine(c: Context): boolean {
  return isLoopback(remoteAddress(c)) && isLoopback(hostName(c) ?? '') && !isPassedOn(c)
}

/** What proxies add of their own accord; each of them leaves some of it out. */
const passedOn =
  /^(?:x-forwarded-.*|x-(?:real|client|cluster-client)-ip|forwarded|via|true-client-ip|cf-.*|cdn-loop|x-envoy-.*|x-original-.*)$/

/** Browsers and clients speak HTTP/1.1; proxies, unless they are told to, 1.0. */
function isPassedOn(c: Context): boolean {
  const { incoming } = c.env
  return (
    incoming.httpVersion === '1.0' ||
    Object.keys(incoming.headers).some((name) => passedOn.test(name))
  )
}

/** A header of a request, by its name in lower case; over a socket, without making a `Headers` of them all. */
export function requestHeader(c: Context, name: string): string | undefined {
  const sent = c.env?.incoming?.headers
  return sent ? sent[name] : c.req.header(name)
}

/**
 * The host a request names, without its port, in lower case. Null when it names two: in two Host
 * headers, or one there and another in a target that is a whole address.
 */
export function hostName(c: Context): string | null {
  const header = requestHeader(c, 'host') ?? new URL(c.req.url).host
  if (namesTwoHosts(c)) return null
  if (isWholeAddress(c) && URL.parse(`http://${header}`)?.host !== new URL(c.req.url).host)
    return null
  return header.replace(/:\d*$/, '').toLowerCase()
}

/** Node answers by the first of two `Host` headers; a server in front may have looked at the other. */
function namesTwoHosts(c: Context): boolean {
  const raw: readonly string[] = c.env?.incoming?.rawHeaders ?? []
  let hosts = 0
  for (let at = 0; at < raw.length; at += 2) if (raw[at]?.toLowerCase() === 'host') hosts++
  return hosts > 1
}

/** `GET http://host/path`, as a proxy is asked. */
function isWholeAddress(c: Context): boolean {
  return c.env?.incoming !== undefined && !c.env.incoming.url.startsWith('/')
}

/** The address of whoever asks, by the word of a proxy that is trusted. */
export function clientAddress(c: Context, { config }: Deps): string {
  const forwarded = config.trustProxy
    ? c.req.header('X-Forwarded-For')?.split(',').at(-1)
    : undefined
  return forwarded?.trim() || remoteAddress(c)
}

/** The address a request came from; empty when it came over no socket. */
function remoteAddress(c: Context): string {
  if (!c.env?.incoming) return ''
  return (c.env.incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}
