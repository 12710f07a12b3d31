import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { themes } from '../../views/site.ts'
import type { Deps } from '../deps.ts'

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
    return c.redirect(pathBefore(c.req.header('Referer'), c.req.url) ?? paths.home(), 303)
  })
}

/** The path of the page before; null when that was not ours. */
function pathBefore(referer: string | undefined, url: string): string | null {
  const from = URL.parse(referer ?? '')
  if (!from || from.host !== new URL(url).host || from.pathname.startsWith('//')) return null
  return from.pathname + from.search
}
