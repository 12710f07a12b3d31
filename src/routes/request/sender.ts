import type { Context, MiddlewareHandler } from 'hono'
import { auth as basicCredentials } from 'hono/utils/basic-auth'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { nobody, type Viewer } from '../../domain/people/viewer.ts'
import type { Sender } from '../../sign-in/known-people.ts'
import { headerText } from './connection.ts'
import { equalBytes } from './constant-time.ts'
import { cookieOf } from './cookies.ts'
import { sessionCookie } from './session-cookie.ts'
import { viewerOf } from './viewer.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Who sends the request, where people sign in. */
    standing?: Sender
  }
}

const out: Sender = { is: 'out' }

/**
 * Finds out who sends a request, where people sign in, before anything asks for the viewer. Who was
 * known a few seconds ago is known at once.
 */
export function knowSender(deps: Deps): MiddlewareHandler {
  return (c, next) => {
    if (c.get('standing')) return next()
    const sender = senderOf(c, deps)
    if (!(sender instanceof Promise)) {
      know(c, sender)
      return next()
    }
    return sender.then((read) => {
      know(c, read)
      return next()
    })
  }
}

/** Who sends a request that was held, now: they may have signed out, or lost a right, maybe at another replica. */
export async function viewerNow(c: Context, deps: Deps): Promise<Viewer> {
  if (deps.inStep) await deps.inStep()
  if (hasPeople(deps.config)) know(c, await senderOf(c, deps))
  return viewerOf(c, deps)
}

function know(c: Context, sender: Sender): void {
  c.set('standing', sender)
  c.set('sender', sender.is === 'in' ? sender.viewer : nobody)
}

function senderOf(c: Context, deps: Deps): Sender | Promise<Sender> {
  const { people, config } = deps
  const { auth } = config
  if (auth.kind === 'basic')
    return provesPassword(c, auth) ? people.byName('basic', auth.user) : out
  if (auth.kind === 'header') {
    const name = nameInHeader(c, auth.name)
    return name === '' ? out : people.byName('header', name)
  }
  const cookie = cookieOf(c, sessionCookie(config))
  return cookie === undefined ? out : people.bySession(cookie)
}

/** The name of a person in a header, in Unicode's composed form; empty when there is none. */
function nameInHeader(c: Context, header: string): string {
  return headerText(c.req.header(header) ?? '').normalize()
}

function provesPassword(c: Context, { user, password }: { user: string; password: string }) {
  const given = basicCredentials(c.req.raw)
  if (given === undefined) return false
  const sent = Buffer.from(`${given.username}:${given.password}`)
  return equalBytes(sent, Buffer.from(`${user}:${password}`))
}
