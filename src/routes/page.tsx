import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import { type Site, SiteContext, themes } from '../../views/site.ts'
import type { Deps } from '../deps.ts'

type HtmlStatus = 200 | 400 | 403 | 404 | 409 | 413 | 422 | 500 | 503 | 507

/** Answers a page or a fragment of one, drawn with what every page knows of its request. */
export function html(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  c.header('Cache-Control', 'no-store')
  return c.html(
    <SiteContext.Provider value={siteOf(c, deps)}>{content}</SiteContext.Provider>,
    status,
  )
}

function siteOf(c: Context, { paths, assetUrls, config }: Deps): Site {
  const chosen = getCookie(c, 'theme')
  return {
    paths,
    assets: assetUrls,
    theme: themes.find((theme) => theme === chosen) ?? null,
    host: config.url?.host ?? c.req.header('Host') ?? 'Sandpit',
  }
}
