import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import type { Deps } from '../../deps.ts'
import type { Stylesheet } from '../assets.ts'
import { cookieOf } from './cookies.ts'

/** The cookie with the hash of the stylesheet that the browser has. */
const styleCookie = 'style'
const yearSeconds = 365 * 24 * 60 * 60

/** Lets a browser remember that it got the stylesheet with this page, if it did. */
export function bringStylesheet(c: Context, deps: Deps): boolean {
  const brought = stylesheetFor(c, deps)
  if (!brought) return false
  setCookie(c, styleCookie, brought.hash, {
    path: `${deps.paths.base}/`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: deps.config.url?.protocol === 'https:',
    maxAge: yearSeconds,
  })
  return true
}

/** The stylesheet that a page has to include; null for browsers that have it. */
export function stylesheetFor(c: Context, { stylesheet }: Deps): Stylesheet | null {
  return cookieOf(c, styleCookie) === stylesheet?.hash ? null : stylesheet
}
