import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type Site, SiteContext, themes } from '../../../views/site.ts'
import type { Deps } from '../../deps.ts'
import { hasRole } from '../../domain/people/viewer.ts'
import { mayOperate } from '../../domain/policy.ts'
import type { EncodedPage } from '../kept/kept-page.ts'
import { compressedFrom, htmlType, sendHtml } from './compression.ts'
import { requestHeader } from './connection.ts'
import { cookieOf } from './cookies.ts'
import { opensModel } from './rights.ts'
import { bringStylesheet, stylesheetFor } from './stylesheet.ts'
import { isAuthenticated, openerOf, viewerOf } from './viewer.ts'

/** A header with the kind of a response, by which our scripts tell ours from those of proxies. */
export const sandpitHeader = 'Sandpit'

type HtmlStatus = 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 503 | 507

/** Sends a page. */
export async function page(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  c.header('Cache-Control', pageCaching(c))
  c.header(sandpitHeader, 'page')
  bringStylesheet(c, deps)
  return sendHtml(c, await render(c, deps, content), status)
}

/**
 * Browsers keep a page for Back, and validate it before they show it again. Those of somebody with a
 * session they do not keep: Back after signing out would show them.
 */
export function pageCaching(c: Context): string {
  const standing = c.get('standing')
  return standing?.is === 'in' && standing.session ? 'no-store' : 'private, no-cache'
}

/** The headers of a kept page that do not depend on the request. */
export const keptPageHeaders = {
  'Content-Type': htmlType,
  [sandpitHeader]: 'page',
} as const

/** Sends a page that was kept. */
export function sendKeptPage(c: Context, deps: Deps, { bytes, encoding }: EncodedPage) {
  bringStylesheet(c, deps)
  c.header('Vary', 'Accept-Encoding', { append: true })
  if (encoding === 'gzip') c.header('Content-Encoding', encoding)
  return c.body(bytes, 200, { ...keptPageHeaders, 'Cache-Control': pageCaching(c) })
}

/** Sends a part of a page. */
export async function fragment(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  c.header('Cache-Control', 'no-store')
  c.header(sandpitHeader, 'fragment')
  const html = await render(c, deps, content)
  if (html.length >= compressedFrom) return sendHtml(c, html, status)
  // The middleware that compresses leaves out what says that it is short.
  c.header('Content-Length', String(Buffer.byteLength(html)))
  return c.html(html, status)
}

/** Renders a component for a request. */
export async function render(c: Context, deps: Deps, content: Child): Promise<string> {
  return renderOn(siteOf(c, deps), content)
}

/** Renders a component that does not depend on the request. */
export async function renderOn(site: Site, content: Child): Promise<string> {
  const tree = <SiteContext.Provider value={site}>{content}</SiteContext.Provider>
  return (await tree.toString()) as string
}

/** Whether htmx sent the request for a part of a page. */
export function isPartial(c: Context): boolean {
  return c.req.header('HX-Request-Type') === 'partial'
}

/** Our scheme and host, for links that people copy or programs get. */
export function originOf(c: Context, { config }: Deps): string {
  return config.url?.origin ?? requestOrigin(c)
}

/** The scheme and host of a request, whose URL is normalized already. */
function requestOrigin(c: Context): string {
  const { url } = c.req
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2))
}

/** A page that is rendered once for many requests, with marks for what differs. */
export interface PageTemplate {
  /** `http:` or `https:`. */
  readonly scheme: string
  /** Requests of one variant share a page. */
  readonly variant: string
  /** The page with marks. */
  render(content: Child): Promise<string>
  /** The host of this request as HTML, which replaces the mark. */
  readonly host: string
  /** The handle of the person as HTML, which replaces the mark; empty where people do not sign in. */
  readonly person: string
}

/** The template of pages for a request. The marks must not occur in what is rendered. */
export function pageTemplate(
  c: Context,
  deps: Deps,
  marks: { readonly host: string; readonly person: string },
): PageTemplate {
  const { config } = deps
  const origin = originOf(c, deps)
  const scheme = origin.slice(0, origin.indexOf(':') + 1)
  const { theme, operator, guest, person } = looksOf(c, deps)
  return {
    scheme,
    variant: `${scheme} ${theme} ${operator} ${guest} ${person !== null} ${stylesheetFor(c, deps) === null}`,
    render: (content) => {
      const own = { host: marks.host, origin: `${scheme}//${marks.host}` }
      const theirs = { person: person === null ? null : marks.person }
      return renderOn({ ...siteOf(c, deps), ...own, ...theirs }, content)
    },
    // The client chooses the host, so it is escaped.
    host: html`${hostOf(c, config)}`.toString(),
    person: person ?? '',
  }
}

function siteOf(c: Context, deps: Deps): Site {
  const { paths, assetUrls, config, providers } = deps
  return {
    paths,
    assets: assetUrls,
    providerLabels: Object.fromEntries(providers.map(({ name, label }) => [name, label])),
    ...looksOf(c, deps),
    stylesheet: stylesheetFor(c, deps)?.text ?? null,
    opensModel: opensModel(deps, openerOf(c, deps)),
    embeds: config.embedOrigins.length > 0,
    host: hostOf(c, config),
    origin: originOf(c, deps),
  }
}

/** By whom pages are seen, and in which colours. A handle has no signs that HTML has to escape. */
function looksOf(c: Context, deps: Deps) {
  const chosen = cookieOf(c, 'theme')
  const guest = !isAuthenticated(c, deps)
  const viewer = viewerOf(c, deps)
  const isPerson = viewer.kind === 'person'
  return {
    guest,
    operator: !guest && mayOperate(viewer),
    namespaces: isPerson && hasRole(viewer, 'member') ? viewer.namespaces : [],
    person: isPerson ? (viewer.namespaces[0] ?? null) : null,
    signIn: guest && deps.signIn ? deps.paths.signIn(pathOf(c, deps)) : null,
    signsOut: isPerson && deps.signIn !== null,
    theme: themes.find((theme) => theme === chosen) ?? null,
  }
}

/** The path and query of the page to come back to after signing in. */
export function pathOf(c: Context, { paths }: Pick<Deps, 'paths'>): string {
  if (c.req.method !== 'GET') return paths.home()
  const { pathname, search } = new URL(c.req.url)
  const isWhole = pathname.startsWith(`${paths.base}/`)
  return `${isWhole ? '' : paths.base}${pathname}${search}`
}

function hostOf(c: Context, { url }: Deps['config']): string {
  return url?.host ?? requestHeader(c, 'host') ?? 'Sandpit'
}
