import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type Site, SiteContext, themes } from '../../../views/site.ts'
import type { Deps } from '../../deps.ts'
import { mayOperate } from '../../domain/policy.ts'
import type { Stylesheet } from '../assets.ts'
import { isAuthenticated, viewerOf } from './viewer.ts'

/** Holds the hash of the stylesheet that a browser was sent. */
const styleCookie = 'style'
/** Tells a browser that an answer is ours, and which kind, and not that of a proxy on the way. */
export const sandpitHeader = 'Sandpit'

const yearSeconds = 365 * 24 * 60 * 60

type HtmlStatus = 200 | 400 | 403 | 404 | 409 | 410 | 413 | 422 | 500 | 503 | 507

/** Answers a page, rendered with what every page knows of its request. */
export async function page(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  return sendPage(c, deps, await render(c, deps, content), status)
}

/** Answers a page that is rendered. */
export function sendPage(c: Context, deps: Deps, html: string, status: HtmlStatus = 200) {
  // Kept by the browser for Back, and asked about again each time.
  c.header('Cache-Control', 'private, no-cache')
  c.header(sandpitHeader, 'page')
  const brought = stylesheetFor(c, deps)
  if (brought)
    setCookie(c, styleCookie, brought.hash, {
      path: `${deps.paths.base}/`,
      httpOnly: true,
      sameSite: 'Lax',
      secure: deps.config.url?.protocol === 'https:',
      maxAge: yearSeconds,
    })
  return c.html(html, status)
}

/** Answers a part of a page. */
export async function fragment(c: Context, deps: Deps, content: Child, status: HtmlStatus = 200) {
  c.header('Cache-Control', 'no-store')
  c.header(sandpitHeader, 'fragment')
  const html = await render(c, deps, content)
  // Its length tells whether it is worth compressing.
  c.header('Content-Length', String(Buffer.byteLength(html)))
  return c.html(html, status)
}

/** The HTML of a component. */
export async function render(c: Context, deps: Deps, content: Child): Promise<string> {
  return renderOn(siteOf(c, deps), content)
}

/** The same, for whoever asks. */
export async function renderOn(site: Site, content: Child): Promise<string> {
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

/** A page that all may be given whose requests have this in common, with places for the rest. */
export interface PageTemplate {
  readonly variant: string
  /** The page, with a mark in the place of what differs. */
  render(content: Child): Promise<string>
  /** The page for this request. */
  fill(html: string): string
}

/** How a page is rendered once for many. `mark`: nothing that is rendered has it. */
export function pageTemplate(c: Context, deps: Deps, mark: string): PageTemplate {
  const site = siteOf(c, deps)
  return {
    variant: `${site.theme} ${site.operator} ${site.stylesheet === null}`,
    render: (content) => renderOn({ ...site, host: mark }, content),
    // Whoever asks says what host that is: it is text.
    fill: (page) => page.replaceAll(mark, () => html`${site.host}`.toString()),
  }
}

/** What a page has to bring along; a browser that was sent it once has it, or links to it. */
function stylesheetFor(c: Context, { stylesheet }: Deps): Stylesheet | null {
  return getCookie(c, styleCookie) === stylesheet?.hash ? null : stylesheet
}

function siteOf(c: Context, deps: Deps): Site {
  const { paths, assetUrls, config, providers } = deps
  const chosen = getCookie(c, 'theme')
  const guest = !isAuthenticated(c, deps)
  return {
    paths,
    assets: assetUrls,
    providerLabels: Object.fromEntries(providers.map(({ name, label }) => [name, label])),
    operator: !guest && mayOperate(viewerOf(c, deps)),
    guest,
    stylesheet: stylesheetFor(c, deps)?.text ?? null,
    theme: themes.find((theme) => theme === chosen) ?? null,
    host: config.url?.host ?? c.req.header('Host') ?? 'Sandpit',
  }
}
