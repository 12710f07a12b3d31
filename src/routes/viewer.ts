import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { isLoopback } from '../config.ts'
import type { Deps } from '../deps.ts'
import { isId } from '../domain/id.ts'
import type { Viewer } from '../domain/policy.ts'

const cookieName = 'viewer'
const yearSeconds = 365 * 24 * 60 * 60

/** Who is asking. Someone without a name and without a cookie is nobody in particular. */
export async function viewerOf(c: Context, deps: Deps): Promise<Viewer> {
  const { auth } = deps.config
  if (auth.kind === 'basic') return { id: auth.user, operator: true }
  if (auth.kind === 'header') return { id: c.req.header(auth.name) ?? '', operator: false }
  const id = await getSignedCookie(c, deps.key, cookieName)
  return { id: id && isId(id) ? id : '', operator: isOnThisMachine(c) }
}

/** The same, for someone who is about to make something: from now on their browser is known. */
export async function knownViewer(c: Context, deps: Deps): Promise<Viewer> {
  const viewer = await viewerOf(c, deps)
  if (viewer.id !== '') return viewer
  const id = deps.newId()
  await setSignedCookie(c, cookieName, id, deps.key, {
    path: `${deps.paths.base}/`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: deps.config.url?.protocol === 'https:',
    maxAge: yearSeconds,
  })
  return { ...viewer, id }
}

/** From loopback, by a loopback name, and not passed on by a proxy that serves others. */
function isOnThisMachine(c: Context): boolean {
  const forwarded = c.req.header('X-Forwarded-For') ?? c.req.header('Forwarded')
  const host = new URL(c.req.url).hostname
  return forwarded === undefined && isLoopback(host) && isLoopback(remoteAddress(c))
}

/** The address a request came from; empty when it came over no socket. */
export function remoteAddress(c: Context): string {
  if (!c.env?.incoming) return ''
  return (getConnInfo(c).remote.address ?? '').replace(/^::ffff:/, '')
}
