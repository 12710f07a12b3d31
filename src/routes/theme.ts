import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { themes } from '../../views/site.ts'
import type { Deps } from '../deps.ts'
import { pathBefore } from './request/path-before.ts'

const yearSeconds = 365 * 24 * 60 * 60

/** Saves the chosen theme in a cookie and redirects to the page before. */
export function themeRoutes({ paths, config }: Deps) {
  return new Hono().post('/theme', async (c) => {
    const chosen = themes.find((name) => name === c.get('formFields').get('theme'))
    setCookie(c, 'theme', chosen ?? '', {
      path: `${paths.base}/`,
      sameSite: 'Lax',
      secure: config.url?.protocol === 'https:',
      maxAge: chosen ? yearSeconds : 0,
    })
    return c.redirect(pathBefore(c) ?? paths.home(), 303)
  })
}
