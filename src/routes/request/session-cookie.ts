import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import type { Config } from '../../config.ts'
import { attemptMs } from '../../domain/people/session.ts'

type Served = Pick<Config, 'url' | 'base'>

/** The prefixes bind a cookie to https, and at the root of a host to that very host. */
function prefixFor({ url, base }: Served): 'host' | 'secure' | undefined {
  if (url?.protocol !== 'https:') return undefined
  return base === '' ? 'host' : 'secure'
}

/** The name of a cookie of ours as browsers send it. */
export function fullName(config: Served, name: string): string {
  const prefix = prefixFor(config)
  return prefix === undefined ? name : `__${prefix === 'host' ? 'Host' : 'Secure'}-${name}`
}

/** The name of the cookie with the session. */
export function sessionCookie(config: Served): string {
  return fullName(config, 'session')
}

/** `Lax`: the way back from the provider is a navigation from another site, and needs both cookies. */
function optionsFor(config: Served, path: string): CookieOptions {
  const prefix = prefixFor(config)
  return {
    path: prefix === 'host' ? '/' : path,
    httpOnly: true,
    sameSite: 'Lax',
    secure: prefix !== undefined,
    ...(prefix === undefined ? {} : { prefix }),
  }
}

/** Keeps a session in the browser. `ms`: for how long. */
export function keepSession(c: Context, config: Served, value: string, ms: number): void {
  const options = optionsFor(config, `${config.base}/`)
  setCookie(c, 'session', value, { ...options, maxAge: Math.floor(ms / 1000) })
}

export function dropSession(c: Context, config: Served): void {
  deleteCookie(c, 'session', optionsFor(config, `${config.base}/`))
}

/** Keeps a sign-in under way in the browser. */
export function keepAttempt(
  c: Context,
  config: Served,
  { name, value }: { readonly name: string; readonly value: string },
): void {
  const options = optionsFor(config, `${config.base}/sign-in`)
  setCookie(c, name, value, { ...options, maxAge: attemptMs / 1000 })
}

export function dropAttempt(c: Context, config: Served, name: string): void {
  deleteCookie(c, name, optionsFor(config, `${config.base}/sign-in`))
}
