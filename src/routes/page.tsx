import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import { type Site, SiteContext, themes } from '../../views/site.ts'
import type { Deps } from '../deps.ts'

type HtmlStatus = 200 | 400 | 404 | 409 | 410 | 413 | 422 | 500 | 503 | 507

/** Answers a page, drawn with what every page knows of its request. */
export async function page(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  // Kept by the browser for Back, and asked about again each time.
  c.header('Cache-Control', 'private, no-cache')
  return c.html(await drawn(c, deps, content), status)
}

/** Answers a part of a page. */
export async function fragment(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  c.header('Cache-Control', 'no-store')
  return c.html(await drawn(c, deps, content), status)
}

/** The HTML of a component. */
export async function drawn(c: Context, deps: Deps, content: Child): Promise<string> {
  return drawnOn(siteOf(c, deps), content)
}

/** The same, for whoever asks. */
export async function drawnOn(site: Site, content: Child): Promise<string> {
  const tree = <SiteContext.Provider value={site}>{content}</SiteContext.Provider>
  return (await tree.toString()) as string
}

/** Whether htmx asked, and so wants a part of a page. */
export function isPartial(c: Context): boolean {
  return c.req.header('HX-Request-Type') === 'partial'
}

/** Scheme and host as people reach us, for links that leave our pages. */
export function originOf(c: Context, { config }: Deps): string {
  return config.url?.origin ?? new URL(c.req.url).origin
}

/** What a page drawn for one request has of it: another that has the same may be given it too. */
export function variantOf(c: Context, deps: Deps): string {
  const { theme, host } = siteOf(c, deps)
  return `${theme} ${host}`
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
